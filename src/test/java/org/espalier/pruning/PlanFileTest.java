package org.espalier.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.checkpoint.VectorFile;
import org.espalier.task.EspalierException;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.SubLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanFileTest {
  @TempDir Path folder;

  private static Plan plan() {
    BlockShape dense = new BlockShape(8, 4, 10);
    return new Plan(
        "tiny",
        "abc123",
        "flap",
        Map.of("metric", "WIFV"),
        new Target(0.3, RatioDefinition.PRUNABLE),
        "64 windows of 128 tokens",
        List.of(
            new BlockPlan(dense, UnitSet.of(0, 2, 3), UnitSet.of(0, 1, 2, 9)),
            BlockPlan.keepAll(dense),
            new BlockPlan(dense, UnitSet.of(), UnitSet.of())),
        Compensation.ofBiases(
            Map.of(
                SubLayer.attention(0), new float[] {0.1f, -2f},
                SubLayer.feedForward(2), new float[] {1e-20f, 3f})));
  }

  @Test
  void a_plan_reads_back_as_it_was_written() {
    PlanFile.write(folder, plan());

    Plan read = PlanFile.read(folder);

    assertThat(read).usingRecursiveComparison().isEqualTo(plan());
  }

  @Test
  void every_form_of_repair_reads_back_as_it_was_written() {
    Plan plan =
        new Plan(
            "tiny",
            "abc123",
            "slimllm",
            Map.of(),
            new Target(0.3, RatioDefinition.PRUNABLE),
            "",
            plan().blocks(),
            new Compensation(
                Map.of(
                    SubLayer.attention(0),
                    OutputRepair.affine(new float[] {1.5f, 2}, new float[] {0, -1}),
                    SubLayer.feedForward(0),
                    OutputRepair.replacement(
                        new float[] {1, 2, 3, 4, 5, 6, 7, 8}, Optional.of(new float[] {1, 1})),
                    SubLayer.feedForward(2),
                    OutputRepair.bias(new float[] {1e-20f, 3f}))));
    PlanFile.write(folder, plan);

    assertThat(PlanFile.read(folder)).usingRecursiveComparison().isEqualTo(plan);
  }

  /** What the first version wrote: a bias under the bare name of its sub-layer. */
  @Test
  void a_plan_of_the_first_version_still_opens() throws IOException {
    PlanFile.write(folder, plan());
    VectorFile.write(
        folder.resolve(PlanFile.COMPENSATION_NAME),
        Map.of("block.0.ATTENTION", new double[] {0.5, 0.25}));
    assertThat(Files.readString(folder.resolve(PlanFile.NAME))).contains("\"version\" : 1");

    assertThat(PlanFile.read(folder).compensation())
        .usingRecursiveComparison()
        .isEqualTo(Compensation.ofBiases(Map.of(SubLayer.attention(0), new float[] {0.5f, 0.25f})));
  }

  @Test
  void a_person_can_read_which_units_are_kept() throws IOException {
    PlanFile.write(folder, plan());

    assertThat(Files.readString(folder.resolve(PlanFile.NAME)))
        .contains("\"kept\" : \"0,2-3\"", "\"kept\" : \"0-2,9\"", "\"of\" : \"prunable\"");
  }

  @Test
  void pruned_widths_follow_from_the_kept_units() {
    assertThat(plan().prunedShapes())
        .containsExactly(
            new BlockShape(6, 3, 4), new BlockShape(8, 4, 10), new BlockShape(0, 0, 0));
    assertThat(plan().allocation().keptChannels()).containsExactly(4, 10, 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "0-2,9 | 0-2,10 | within 0 to 9",
        "\"espalier-plan\" | \"other\" | not a plan",
        "\"block\" : 1 | \"block\" : 7 | in order",
        "\"prunable\" | \"prunible\" | no definition",
        "\"hash\" | \"hush\" | 'hash' is missing",
        "\"ratio\" : 0.3 | \"ratio\" : 3 | between 0 and 1",
      })
  void a_damaged_plan_is_refused_with_its_name_and_the_reason(
      String original, String damage, String reason) throws IOException {
    PlanFile.write(folder, plan());
    Path file = folder.resolve(PlanFile.NAME);
    String text = Files.readString(file);
    assertThat(text).contains(original);
    Files.writeString(file, text.replace(original, damage));

    assertThatThrownBy(() -> PlanFile.read(folder))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("plan.json")
        .hasMessageContaining(reason);
  }
}
