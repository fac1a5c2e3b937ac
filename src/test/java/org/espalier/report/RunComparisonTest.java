package org.espalier.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Ratios;
import org.espalier.allocation.Target;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.Protocol;
import org.espalier.report.chart.ChartStyle;
import org.espalier.report.heatmap.Examples;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunComparisonTest {
  private static final PrunableModel MODEL = Examples.model(4, 4, 64);

  private static PerplexityResult perplexity(double value, int window, String device) {
    Protocol protocol = new Protocol("text", "hash", window, 2, "none", "float32", device, 0);
    double nll = Math.log(value);
    return new PerplexityResult(value, List.of(nll, nll), 2L * window, 1, protocol);
  }

  private static Run run(String name, PerplexityResult... perplexities) {
    Allocation dense = Allocation.dense(MODEL);
    return new Run(
        name,
        name,
        Path.of("runs", name),
        Path.of("dense"),
        "hash",
        "flap",
        Map.of(),
        new Target(0.3, RatioDefinition.PRUNABLE),
        Locks.NONE,
        dense,
        Ratios.of(dense, MODEL),
        1000,
        700,
        1400,
        1,
        1,
        Instant.EPOCH,
        Arrays.asList(perplexities),
        Optional.empty());
  }

  @Test
  void comparesUnderTheProtocolThatMostRunsShare() {
    RunComparison comparison =
        new RunComparison(
            List.of(
                run("a", perplexity(7, 256, "cpu"), perplexity(8, 128, "cpu")),
                run("b", perplexity(9, 128, "cuda:0")),
                run("c", perplexity(99, 512, "cpu"))),
            List.of(perplexity(6, 128, "cpu")));
    assertThat(comparison.protocol()).map(Protocol::window).contains(128);
    int perplexity = comparison.table().columns().indexOf("perplexity");
    assertThat(comparison.table().rows().stream().map(row -> row.get(perplexity)))
        .containsExactly("8.00", "9.00", "");
    assertThat(comparison.table().rows().get(0).get(perplexity + 1)).isEqualTo("6.00");
    assertThat(comparison.perplexity(ChartStyle.LIGHT).orElseThrow().table().rows()).hasSize(6);
    assertThat(comparison.tradeOff(ChartStyle.LIGHT).orElseThrow().table().rows()).hasSize(2);
    assertThat(comparison.speed(ChartStyle.LIGHT)).isEmpty();
  }

  @Test
  void runsWithoutMeasurementsStillMakeATable() {
    RunComparison comparison = new RunComparison(List.of(run("a")), List.of());
    assertThat(comparison.table().rows()).hasSize(1);
    assertThat(comparison.perplexity(ChartStyle.DARK)).isEmpty();
    assertThat(comparison.tradeOff(ChartStyle.DARK)).isEmpty();
  }

  @Test
  void aFolderHoldsTheTableAndThePictures(@TempDir Path folder) throws IOException {
    ReportFolder.write(
        new RunComparison(
            List.of(run("a", perplexity(8, 128, "cpu")), run("b", perplexity(9, 128, "cpu"))),
            List.of()),
        folder);
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "comparison.csv",
              "perplexity.png",
              "perplexity.svg",
              "perplexity.csv",
              "trade-off.png",
              "trade-off.svg",
              "trade-off.csv");
    }
  }

  @Test
  void theTableReadsWellOnATerminal() {
    Table table =
        new Table(
            List.of("run", "perplexity"), List.of(List.of("a", "8.00"), List.of("long", "12.5")));
    assertThat(table.toText()).isEqualTo("run   perplexity\na           8.00\nlong        12.5\n");
  }
}
