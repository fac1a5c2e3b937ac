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
import org.espalier.report.comparison.ComparedRun;
import org.espalier.report.comparison.ProtocolGroup;
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

  private static RunComparison comparison(List<PerplexityResult> dense, Run... runs) {
    return new RunComparison(
        Arrays.stream(runs)
            .map(
                run ->
                    new RunComparison.Entry(
                        new ComparedRun(run, dense, List.of()),
                        "a <model>",
                        "/models/a model",
                        Optional.of(MODEL),
                        "64 windows of 128 tokens drawn from wiki.txt, seed 7",
                        Optional.of(Path.of("/texts of mine/wiki.txt"))))
            .toList(),
        RatioDefinition.PRUNABLE);
  }

  @Test
  void every_protocol_has_a_table_and_pictures_of_its_own() {
    RunComparison comparison =
        comparison(
            List.of(perplexity(6, 128, "cpu")),
            run("a", perplexity(7, 256, "cpu"), perplexity(8, 128, "cpu")),
            run("b", perplexity(9, 128, "cuda:0")),
            run("c", perplexity(99, 512, "cpu")));
    List<ProtocolGroup> groups = comparison.tables().groups();
    assertThat(groups)
        .extracting(group -> group.protocol().window())
        .containsExactly(128, 256, 512);
    Figure lines = comparison.perplexity(groups.get(0), ChartStyle.LIGHT);
    assertThat(lines.table().rows()).hasSize(6).noneMatch(row -> row.contains("c"));
    assertThat(comparison.tradeOff(groups.get(0), ChartStyle.LIGHT).table().rows()).hasSize(2);
    assertThat(comparison.pareto(groups.get(0), ChartStyle.LIGHT).title())
        .isEqualTo("Quality and size");
    assertThat(comparison.speeds(ChartStyle.LIGHT)).isEmpty();
    assertThat(comparison.tasks(ChartStyle.LIGHT)).isEmpty();
    assertThat(comparison.allocations(ChartStyle.LIGHT)).hasSize(1);
  }

  @Test
  void a_page_is_whole_in_itself_and_says_how_to_make_it_again(@TempDir Path folder)
      throws IOException {
    Path page = folder.resolve("deeper/out.html");
    ReportFolder.writePage(
        comparison(
            List.of(),
            run("a", perplexity(7, 256, "cpu"), perplexity(8, 128, "cpu")),
            run("b & co", perplexity(9, 128, "cpu"))),
        page);

    String html = Files.readString(page);
    assertThat(html)
        .contains("b &amp; co", "a &lt;model&gt;")
        .contains("2 windows of 256 tokens of text", "2 windows of 128 tokens of text")
        .contains("never ranked together")
        .contains(
            "espalier prune &#39;/models/a model&#39; --method flap --ratio 0.3 --ratio-of"
                + " prunable --calibration &#39;/texts of mine/wiki.txt&#39; --samples 64"
                + " --calibration-window 128 --seed 7 --name a\n")
        .contains("espalier evaluate &#39;b &amp; co&#39; --text text --window 128")
        .contains(
            "espalier compare a &#39;b &amp; co&#39; --ratio-by prunable --report report.html");
    // Nothing is loaded from elsewhere.
    assertThat(html).doesNotContain("<script", "<link", "src=\"http");
    assertThat(html.split("src=\"data:image/png;base64,", -1)).hasSizeGreaterThan(3);
    try (var files = Files.list(page.getParent())) {
      assertThat(files).containsExactly(page);
    }
  }

  @Test
  void runsWithoutMeasurementsStillMakeATable(@TempDir Path folder) {
    RunComparison comparison = comparison(List.of(), run("a"));
    assertThat(comparison.tables().all()).hasSize(1);
    assertThat(ReportFolder.write(comparison, folder)).isNotEmptyFile();
  }

  @Test
  void aFolderHoldsThePageTheTablesAndThePictures(@TempDir Path folder) throws IOException {
    ReportFolder.write(
        comparison(
            List.of(), run("a", perplexity(8, 128, "cpu")), run("b", perplexity(9, 256, "cpu"))),
        folder);
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains(
              "report.html",
              "comparison.csv",
              "comparison-2.csv",
              "perplexity.svg",
              "perplexity-2.png",
              "trade-off.csv",
              "pareto.png",
              "allocations.svg")
          .noneMatch(name -> name.endsWith(".unfinished"));
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
