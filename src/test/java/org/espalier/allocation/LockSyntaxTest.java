package org.espalier.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.espalier.transformer.SubLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LockSyntaxTest {
  private static final PrunableModel MODEL =
      new PrunableModel(
          Collections.nCopies(6, new PrunableModel.Block(8, 640, 100, 30)), 50_000, 60_000);

  @Test
  void aNumberKeepsTheWholeBlock() {
    assertThat(LockSyntax.parse(List.of("3"), MODEL).holds())
        .containsOnly(
            Map.entry(SubLayer.attention(3), Hold.locked(8)),
            Map.entry(SubLayer.feedForward(3), Hold.locked(100)));
  }

  @ParameterizedTest
  @CsvSource({
    "5:attention=0.25, 6, ",
    "5:attention=0, 8, ",
    "5:attention=0.24, 7, ",
    "5:attention=0.999, 1, ",
    "5:feedForward=0.5, , 50",
    "5:feedForward=.29, , 71",
    "' 5 : feedForward = 3e-1 ', , 70"
  })
  void aRatioRemovesWholeUnitsRoundedDown(String text, Integer headGroups, Integer channels) {
    Locks locks = LockSyntax.parse(List.of(text), MODEL);
    assertThat(locks.of(SubLayer.attention(5)).map(Hold::keptUnits).orElse(null))
        .isEqualTo(headGroups);
    assertThat(locks.of(SubLayer.feedForward(5)).map(Hold::keptUnits).orElse(null))
        .isEqualTo(channels);
    assertThat(locks.holds().values()).noneMatch(Hold::editable);
  }

  @Test
  void sayingTheSameTwiceIsNoConflict() {
    assertThat(
            LockSyntax.parse(
                    List.of("3", "3", "3:attention=0.0", "4:feedForward=0.5", "4:feedForward=.50"),
                    MODEL)
                .holds())
        .hasSize(3);
  }

  @Test
  void blocksAreNamedByTheirNumbersInTheOriginalCheckpoint() {
    PrunableModel thinned =
        new PrunableModel(
            MODEL.blocks().subList(0, 3), 0, 0, 128, HiddenChannels.UNKNOWN, List.of(0, 4, 7));

    assertThat(LockSyntax.parse(List.of("4"), thinned).holds())
        .containsOnlyKeys(SubLayer.attention(1), SubLayer.feedForward(1));
    assertThatThrownBy(() -> LockSyntax.parse(List.of("1"), thinned))
        .isInstanceOf(LockSyntaxException.class)
        .hasMessageContaining("block 1")
        .hasMessageContaining("0, 4, 7");
  }

  @Test
  void contradictionsAreRefused() {
    assertThatThrownBy(() -> LockSyntax.parse(List.of("3", "3:attention=0.25"), MODEL))
        .isInstanceOf(LockSyntaxException.class)
        .hasMessage(
            "The locks \"3\" and \"3:attention=0.25\" contradict each other on attention of block"
                + " 3; keep one of them.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "-1",
        "1.5",
        "2:",
        "2:attention",
        "2:attention=",
        "2:attention=half",
        "2:attention=0x1p-1",
        "2:attention=NaN",
        "2:attention=25%",
        "2:heads=0.5",
        "2:attention=-0.1",
        "2:attention=1",
        "2:attention=1.5",
        "6",
        "99999999999"
      })
  void whatCannotBeIsRefusedWithTheTextInTheMessage(String text) {
    assertThatThrownBy(() -> LockSyntax.parse(List.of(text), MODEL))
        .isInstanceOf(LockSyntaxException.class)
        .hasMessageContaining("\"" + text + "\"");
  }

  @Test
  void aBlockBeyondTheModelIsNamed() {
    assertThatThrownBy(() -> LockSyntax.parse(List.of("6"), MODEL))
        .hasMessage("The lock \"6\" names block 6, but the model has blocks 0 to 5.");
  }
}
