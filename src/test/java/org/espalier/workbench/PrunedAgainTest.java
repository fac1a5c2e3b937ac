package org.espalier.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.export.WeightFormat;
import org.espalier.report.heatmap.EspalierFigure;
import org.espalier.report.heatmap.EspalierPalette;
import org.espalier.report.heatmap.EspalierPicture;
import org.espalier.report.heatmap.Normalisation;
import org.espalier.report.heatmap.UnitOrder;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints that have lost whole sub-layers or blocks before. */
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

  @Test
  void blocks_keep_their_numbers_however_often_others_are_dropped(@TempDir Path folder)
      throws Exception {
    try (LocalWorkbench workbench = new LocalWorkbench(folder)) {
      Path first = folder.resolve("first");
      List<Integer> afterFirst =
          pruneAndExport(workbench, GOLDEN.resolve("models/tiny-mha"), first);
      OpenedCheckpoint reopened = await(workbench.open(Optional.of(first), "cpu"));

      assertThat(afterFirst).hasSize(4).isNotEqualTo(List.of(0, 1, 2, 3));
      assertThat(reopened.model().numbers()).isEqualTo(afterFirst);
      assertThat(figure(reopened.model()).table().rows())
          .extracting(row -> Integer.parseInt(row.get(0)))
          .containsExactlyElementsOf(
              afterFirst.stream().flatMap(number -> Stream.of(number, number)).toList());

      Path second = folder.resolve("second");
      List<Integer> afterSecond = pruneAndExport(workbench, first, second);
      assertThat(afterSecond).hasSize(2).isSubsetOf(afterFirst);
      assertThat(await(workbench.open(Optional.of(second), "cpu")).model().numbers())
          .isEqualTo(afterSecond);
    }
  }

  /** Drops two blocks with ShortGPT; tells the numbers of the others. */
  private static List<Integer> pruneAndExport(
      LocalWorkbench workbench, Path checkpoint, Path folder) throws Exception {
    PrunableModel model = await(workbench.open(Optional.of(checkpoint), "cpu")).model();
    int blocks = model.blocks().size();
    Run run = prune(workbench, checkpoint, "shortgpt", Map.of(), 2.0 / blocks);
    await(
        workbench.export(run, new ExportRequest("transformers", WeightFormat.F32, folder, false)));
    return IntStream.range(0, blocks)
        .filter(block -> run.allocation().keptChannels().get(block) > 0)
        .map(model::number)
        .boxed()
        .toList();
  }

  private static EspalierFigure figure(PrunableModel model) {
    return new EspalierFigure(
        new EspalierPicture(
            model,
            Optional.empty(),
            Allocation.dense(model),
            Locks.NONE,
            UnitOrder.BY_INDEX,
            Normalisation.PER_KIND),
        "",
        "",
        EspalierPalette.LIGHT);
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
