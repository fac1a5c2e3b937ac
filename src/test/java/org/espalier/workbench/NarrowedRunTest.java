package org.espalier.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.export.WeightFormat;
import org.espalier.pruning.PlanFile;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.Decoder;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that has lost hidden channels, from the analysis to an export and to pruning it again. */
class NarrowedRunTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Target TWENTY = new Target(0.2, RatioDefinition.PRUNABLE);

  private static <T> T await(Job<T> job) throws Exception {
    return job.result().get(120, TimeUnit.SECONDS);
  }

  @Test
  void is_as_narrow_as_its_target_takes_and_a_checkpoint_like_any_other(@TempDir Path folder)
      throws Exception {
    Path workspace = folder.resolve("workspace");
    Run run;
    try (LocalWorkbench workbench = new LocalWorkbench(workspace)) {
      OpenedCheckpoint opened =
          await(workbench.open(Optional.of(GOLDEN.resolve("models/tiny-mha")), "cpu"));
      Analysis analysis =
          analyse(workbench, opened, Map.of("structure", "channels", "importance", "l1"));

      run = await(workbench.prune(analysis, TWENTY, Locks.NONE, "narrowed"));

      assertThat(run.allocation().keptHidden()).as("102 channels, in multiples of 16").hasValue(96);
      assertThat(run.ratios().prunable()).isEqualTo(0.25);
      for (String target : new String[] {"transformers", "transformers-per-layer"}) {
        ExportSummary exported =
            await(
                workbench.export(
                    run,
                    new ExportRequest(target, WeightFormat.F32, folder.resolve(target), false)));
        assertThat(logits(exported.folder())).containsExactly(logits(run.folder()), within(1e-5f));
      }
    }
    try (LocalWorkbench workbench = new LocalWorkbench(workspace)) {
      assertThat(workbench.runs()).containsExactly(run);
      try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve("models/tiny-mha"));
          Decoder dense = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.STREAMED);
          Decoder masked = PlanFile.read(run.folder()).masked(dense)) {
        assertThat(logits(masked)).containsExactly(logits(run.folder()), within(1e-4f));
      }
      OpenedCheckpoint again = await(workbench.open(Optional.of(run.folder()), "cpu"));
      Run twice =
          await(
              workbench.prune(
                  analyse(workbench, again, Map.of("importance", "l1")),
                  TWENTY,
                  Locks.NONE,
                  "twice"));
      assertThat(again.model().hidden().count()).isEqualTo(96);
      assertThat(twice.parametersAfter()).isLessThan(run.parametersAfter());
    }
  }

  private static Analysis analyse(
      LocalWorkbench workbench, OpenedCheckpoint opened, Map<String, String> parameters)
      throws Exception {
    AnalysisRequest request =
        new AnalysisRequest(
            "llm-pruner", parameters, new CalibrationRequest(Optional.empty(), 4, 32, 0));
    return await(workbench.analyse(opened, request.runningOn(new Destination("llama.cpp", 16))));
  }

  private static float[] logits(Path folder) {
    try (Checkpoint checkpoint = Checkpoint.open(folder);
        Decoder decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.STREAMED)) {
      return logits(decoder);
    }
  }

  private static float[] logits(Decoder decoder) {
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      return decoder
          .logits(decoder.forward(scope.tokens(new int[] {5, 3, 41, 7, 90}), Progress.SILENT))
          .toFloatArray();
    }
  }
}
