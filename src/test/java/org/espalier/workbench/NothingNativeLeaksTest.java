package org.espalier.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.export.WeightFormat;
import org.espalier.torch.LiveArrays;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Native memory is freed by hand; what a use case forgets stays for the life of the process. */
class NothingNativeLeaksTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @TempDir Path folder;

  @Test
  void ten_main_jobs_leave_as_many_live_arrays_as_there_were() throws Exception {
    try (LocalWorkbench workbench = new LocalWorkbench(folder.resolve("workspace"))) {
      int before = LiveArrays.count();
      for (int cycle = 0; cycle < 10; cycle++) {
        OpenedCheckpoint opened =
            await(workbench.open(Optional.of(GOLDEN.resolve("models/tiny-mha")), "cpu"));
        assertThat(LiveArrays.count()).isGreaterThan(before);
        mainJob(workbench, opened, cycle);
        workbench.close(opened);
        await(workbench.jobs().get(workbench.jobs().size() - 1));

        assertThat(LiveArrays.count()).as("live arrays after cycle %d", cycle).isEqualTo(before);
      }
    }
  }

  /** Everything that a session does with a checkpoint, on little text. */
  private void mainJob(LocalWorkbench workbench, OpenedCheckpoint opened, int cycle)
      throws Exception {
    // Another number of samples each time, so that statistics are measured and not remembered.
    CalibrationRequest calibration =
        new CalibrationRequest(
            Optional.of(GOLDEN.resolve("calibration-windows.json")), 2 + cycle, 32, 0);
    EvaluationRequest heldOut =
        new EvaluationRequest(Optional.of(GOLDEN.resolve("heldout-windows.json")), 32, 2);
    String method =
        List.of("flap", "te-prune", "wanda-sp", "llm-pruner", "adapruner").get(cycle % 5);
    Map<String, String> parameters =
        method.equals("adapruner")
            ? Map.of("trials", "2", "sets", "1", "setSize", "2", "heldOut", "1")
            : Map.of();
    Analysis analysis =
        await(workbench.analyse(opened, new AnalysisRequest(method, parameters, calibration)));
    Run run =
        await(
            workbench.prune(
                analysis, new Target(0.3, RatioDefinition.PRUNABLE), Locks.NONE, "cycle " + cycle));
    await(workbench.evaluate(opened, heldOut, point -> {}));
    await(workbench.evaluate(run, "cpu", heldOut, point -> {}));
    await(workbench.measureSpeed(opened, run, new SpeedRequest(4, 2, 0, 1)));
    await(
        workbench.export(
            run,
            new ExportRequest(
                "transformers-per-layer",
                WeightFormat.F32,
                folder.resolve("export-" + cycle),
                false)));
  }

  private static <T> T await(Job<T> job) throws Exception {
    return job.result().get(120, TimeUnit.SECONDS);
  }
}
