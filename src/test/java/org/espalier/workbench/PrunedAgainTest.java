package org.espalier.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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

/** Methods that read gradients, on a checkpoint that has lost whole sub-layers before. */
class PrunedAgainTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final CalibrationRequest CALIBRATION =
      new CalibrationRequest(Optional.of(GOLDEN.resolve("calibration-windows.json")), 4, 32, 0);

  private static <T> T await(Job<T> job) throws Exception {
    return job.result().get(120, TimeUnit.SECONDS);
  }

  @Test
  void gradients_pass_through_what_is_left(@TempDir Path folder) throws Exception {
    try (LocalWorkbench workbench = new LocalWorkbench(folder)) {
      Run first = prune(workbench, GOLDEN.resolve("models/tiny-mha"), "te-prune", Map.of(), 0.5);
      assertThat(first.allocation().keptHeadGroups()).contains(0);
      assertThat(first.allocation().keptChannels()).contains(0);

      Run taylor =
          prune(workbench, first.folder(), "llm-pruner", Map.of("importance", "param_mix"), 0.2);
      Run searched =
          prune(
              workbench,
              first.folder(),
              "adapruner",
              Map.of("trials", "2", "sets", "1", "setSize", "2", "heldOut", "2"),
              0.2);

      for (Run again : new Run[] {taylor, searched}) {
        assertThat(again.ratios().prunable()).isCloseTo(0.2, within(0.03));
        assertThat(again.parametersAfter()).isLessThan(first.parametersAfter());
      }
    }
  }

  private static Run prune(
      LocalWorkbench workbench,
      Path checkpoint,
      String method,
      Map<String, String> parameters,
      double ratio)
      throws Exception {
    OpenedCheckpoint opened = await(workbench.open(Optional.of(checkpoint), "cpu"));
    Analysis analysis =
        await(workbench.analyse(opened, new AnalysisRequest(method, parameters, CALIBRATION)));
    return await(
        workbench.prune(analysis, new Target(ratio, RatioDefinition.PRUNABLE), Locks.NONE, method));
  }
}
