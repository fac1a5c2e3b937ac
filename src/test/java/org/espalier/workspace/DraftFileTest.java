package org.espalier.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.HandPicked;
import org.espalier.allocation.Hold;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.task.EspalierException;
import org.espalier.transformer.SubLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DraftFileTest {
  private static final Locks LOCKS =
      Locks.NONE
          .with(SubLayer.attention(0), Hold.locked(4))
          .with(SubLayer.feedForward(1), Hold.handSet(3))
          .withPicked(
              SubLayer.feedForward(0),
              HandPicked.NONE.keeping(0).keeping(1).keeping(5).dropping(7));
  private static final SavedDraft DRAFT =
      new SavedDraft(
          "stories",
          List.of(4, 4),
          List.of(8, 8),
          "flap",
          Map.of("metric", "IFV"),
          "64 windows of 128 tokens, seed 0",
          Optional.of(new Allocation(List.of(4, 3), List.of(5, 3))),
          List.of(
              new SavedDraft.Snapshot(
                  "before I locked 3",
                  state("draft", 0.2, Locks.NONE),
                  new Allocation(List.of(4, 4), List.of(6, 6)))),
          List.of(
              new SavedDraft.Step("", state("", 0.3, Locks.NONE)),
              new SavedDraft.Step("lock attention of block 0", state("mine", 0.35, LOCKS)),
              new SavedDraft.Step("target 40 %", state("mine", 0.4, LOCKS))),
          1);

  @TempDir Path folder;

  private static SavedDraft.State state(String name, double ratio, Locks locks) {
    return new SavedDraft.State(
        name, new Target(ratio, RatioDefinition.LAYER), locks, "price", "vllm", 32);
  }

  @Test
  void jsonKeepsEverythingSnapshotsAndHistoryIncluded() {
    Path file = folder.resolve("draft.json");
    DraftFile.write(file, DRAFT);

    assertThat(DraftFile.read(file)).isEqualTo(DRAFT);
  }

  @Test
  void draftsOfEarlierVersionsRunAnywhereByTheMethodsOwnRule() throws IOException {
    Path file = folder.resolve("draft.json");
    DraftFile.write(file, DRAFT);
    Files.writeString(
        file,
        Files.readString(file)
            .replaceAll(",\\s*\"(allocator|runsOn)\" : \"\\w+\"", "")
            .replaceAll(",\\s*\"channelMultiple\" : 32", ""));

    assertThat(DraftFile.read(file).state())
        .isEqualTo(new SavedDraft.State("mine", DRAFT.state().target(), LOCKS));
  }

  @Test
  void csvKeepsThePresentStateOfEverySubLayer() throws IOException {
    Path file = folder.resolve("draft.csv");
    DraftFile.write(file, DRAFT);

    assertThat(Files.readAllLines(file))
        .contains(
            "# name: mine",
            "block,subLayer,units,kept,state,keep,drop",
            "0,attention,4,4,locked,,",
            "0,feedForward,8,5,free,0-1 5,7",
            "1,feedForward,8,3,hand-set,,");
    SavedDraft read = DraftFile.read(file);
    assertThat(read.state()).isEqualTo(DRAFT.state());
    assertThat(read.allocation()).isEqualTo(DRAFT.allocation());
    assertThat(read.checkpoint()).isEqualTo("stories");
  }

  @Test
  void aPlainTableOfKeptUnitsIsTakenAsSetByHand() throws IOException {
    Path file = folder.resolve("notebook.csv");
    Files.writeString(
        file,
        "subLayer,block,units,kept\nattention,0,4,2\nfeedForward,0,8,4\n",
        StandardCharsets.UTF_8);

    SavedDraft.State state = DraftFile.read(file).state();

    assertThat(state.target()).isEqualTo(new Target(0.5, RatioDefinition.UNIT));
    assertThat(state.locks().of(SubLayer.feedForward(0))).contains(Hold.handSet(4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "block,subLayer,units\n0,attention,4\n",
        "block,subLayer,units,kept\n0,attention,4,2\n",
        "block,subLayer,units,kept\n0,attention,4,2\n0,feedForward,8\n",
        "block,subLayer,units,kept\n0,attention,4,9\n0,feedForward,8,4\n",
        "block,subLayer,units,kept\n0,attention,4,2\n0,attention,4,2\n",
        "block,subLayer,units,kept\n0,attention,4,-2\n0,feedForward,8,4\n",
        "block,subLayer,units,kept\n0,attention,4,two\n0,feedForward,8,4\n",
        "# target: much\nblock,subLayer,units,kept\n0,attention,4,2\n0,feedForward,8,4\n",
        "block,subLayer,units,kept,keep\n0,attention,4,2,7\n0,feedForward,8,4,\n",
        "block,subLayer,units,kept,state\n0,attention,4,2,stuck\n0,feedForward,8,4,\n# target: 0.3",
        "# target: 0.3\nblock,subLayer,units,kept,state\n0,attention,4,2,stuck\n0,feedForward,8,4,",
      })
  void aDamagedTableEndsInOneSentence(String text) throws IOException {
    Path file = folder.resolve("draft.csv");
    Files.writeString(file, text);

    assertThatThrownBy(() -> DraftFile.read(file))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("draft.csv");
  }

  @Test
  void whateverIsInTheFileTheOutcomeIsADraftOrOneSentence() throws IOException {
    Random random = new Random(5);
    for (String name : List.of("draft.json", "draft.csv")) {
      Path file = folder.resolve(name);
      DraftFile.write(file, DRAFT);
      byte[] sound = Files.readAllBytes(file);
      for (int round = 0; round < 400; round++) {
        byte[] torn = sound.clone();
        for (int change = 0; change <= round % 4; change++) {
          torn[random.nextInt(torn.length)] = (byte) random.nextInt(256);
        }
        Files.write(file, torn);
        try {
          assertThat(DraftFile.read(file).headGroups()).isNotEmpty();
        } catch (EspalierException e) {
          assertThat(e).hasMessageContaining(name);
        }
      }
    }
  }

  @Test
  void nothingIsLeftBesideTheFile() throws IOException {
    DraftFile.write(folder.resolve("draft.json"), DRAFT);
    DraftFile.write(folder.resolve("draft.json"), DRAFT);

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
  }
}
