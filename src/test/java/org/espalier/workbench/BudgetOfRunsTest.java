package org.espalier.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.espalier.allocation.Budget;
import org.espalier.allocation.Hold;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.corpus.TokenWindows;
import org.espalier.transformer.SubLayer;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the budget promises is what pruning writes, to the last parameter and byte. */
class BudgetOfRunsTest {
  private static final Path FAMILIES = Path.of("src/test/resources/golden/families");

  @TempDir Path folder;

  private static <T> T await(Job<T> job) throws Exception {
    return job.result().get(120, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama-gqa-llama3rope",
        "llama-tied-headdim-bias",
        "qwen2-tied",
        "mistral-sliding",
        "llama-bf16",
        "qwen3",
        "gemma3",
        "phi3"
      })
  void holds_for_every_family_with_and_without_repair(String family) throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    Path windows = folder.resolve("windows.json");
    TokenWindows.of(
            Stream.generate(() -> random.ints(16, 0, 100).toArray()).limit(4).toArray(int[][]::new))
        .write(windows);
    try (LocalWorkbench workbench = new LocalWorkbench(folder.resolve("workspace"))) {
      OpenedCheckpoint opened = await(workbench.open(Optional.of(FAMILIES.resolve(family)), "cpu"));
      assertThat(Budget.dense(opened.costs(), 1).bytes()).isEqualTo(opened.bytes());
      // One sub-layer goes as a whole, one stays as it is.
      Locks locks =
          Locks.NONE
              .with(SubLayer.attention(0), Hold.handSet(0))
              .with(
                  SubLayer.feedForward(1),
                  Hold.locked(opened.model().units(SubLayer.feedForward(1))));
      for (String compensation : List.of("true", "false")) {
        Analysis analysis =
            await(
                workbench.analyse(
                    opened,
                    new AnalysisRequest(
                        "flap",
                        Map.of("compensation", compensation),
                        new CalibrationRequest(Optional.of(windows), 0, 0, 0))));

        Run run =
            await(
                workbench.prune(analysis, new Target(0.4, RatioDefinition.PRUNABLE), locks, "run"));

        Budget budget = analysis.budget(run.allocation(), 1);
        assertThat(budget.parameters()).as(compensation).isEqualTo(run.parametersAfter());
        assertThat(budget.bytes()).as(compensation).isEqualTo(run.bytes());
        assertThat(budget.ratios()).isEqualTo(run.ratios());
      }
    }
  }
}
