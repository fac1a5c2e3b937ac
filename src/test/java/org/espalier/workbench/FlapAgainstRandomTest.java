package org.espalier.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The method must earn its calibration, on the model that everybody has. */
class FlapAgainstRandomTest {
  private static final EvaluationRequest FEW_WINDOWS =
      new EvaluationRequest(Optional.empty(), 128, 8);

  @TempDir Path folder;

  @Test
  void half_of_the_sample_model_chosen_by_flap_is_clearly_better_than_half_chosen_by_chance()
      throws Exception {
    try (LocalWorkbench workbench = new LocalWorkbench(folder)) {
      OpenedCheckpoint sample = await(workbench.open(Optional.empty(), "cpu"));
      double dense = await(workbench.evaluate(sample, FEW_WINDOWS, point -> {})).perplexity();

      double flap = pruned(workbench, sample, "flap", Map.of()) / dense;
      double random = pruned(workbench, sample, "random", Map.of("seed", "0")) / dense;
      double repaired =
          pruned(workbench, sample, "random", Map.of("seed", "0", "compensation", "true")) / dense;

      // Excess perplexity, which is zero for a perfect choice.
      assertThat(flap - 1).isLessThan((random - 1) / 4);
      assertThat(flap - 1).isLessThan((repaired - 1) / 4);
    }
  }

  private static double pruned(
      LocalWorkbench workbench,
      OpenedCheckpoint sample,
      String method,
      Map<String, String> parameters)
      throws Exception {
    AnalysisRequest request =
        new AnalysisRequest(
            method, parameters, new CalibrationRequest(Optional.empty(), 8, 128, 0));
    Analysis analysis = await(workbench.analyse(sample, request));
    Run run =
        await(
            workbench.prune(
                analysis, new Target(0.5, RatioDefinition.PRUNABLE), Locks.NONE, method));
    return await(workbench.evaluate(run, "cpu", FEW_WINDOWS, point -> {})).perplexity();
  }

  private static <T> T await(Job<T> job) throws Exception {
    return job.result().get(120, TimeUnit.SECONDS);
  }
}
