package org.espalier.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.GlobalThresholdAllocator;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Ratios;
import org.espalier.allocation.Rounding;
import org.espalier.allocation.SubLayerRemoval;
import org.espalier.allocation.Target;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.Protocol;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.evaluation.SpeedResult;
import org.espalier.importance.ImportanceMap;
import org.espalier.pruning.MethodDescription;
import org.espalier.pruning.SliderAnswer;
import org.espalier.report.heatmap.Examples;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class HtmlReportTest {
  private static final PrunableModel MODEL = Examples.model(10, 4, 512);
  private static final ImportanceMap IMPORTANCE = Examples.importance(MODEL, 4);
  private static final MethodDescription METHOD =
      new MethodDescription(
          "flap",
          "FLAP",
          "Fluctuation-based",
          "An et al., AAAI 2024",
          SliderAnswer.INSTANT,
          true,
          List.of());
  private static final Protocol PROTOCOL =
      new Protocol("stories.txt", "abc", 128, 60, "BOS before every window", "float32", "cpu", 0);

  private static PerplexityResult perplexity(double level, Protocol protocol) {
    Random random = new Random((long) level);
    List<Double> windows =
        IntStream.range(0, protocol.windows())
            .mapToObj(i -> Math.log(level) + 0.3 * random.nextGaussian())
            .toList();
    double mean = windows.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    return new PerplexityResult(Math.exp(mean), windows, 127L * windows.size(), 4, protocol);
  }

  private static RunReport report(String name, boolean measured) {
    Locks locks = Examples.someLocks(MODEL);
    Target target = new Target(0.3, RatioDefinition.PRUNABLE);
    Allocation allocation =
        new GlobalThresholdAllocator(MODEL, IMPORTANCE, Rounding.CORRECTED, SubLayerRemoval.ALLOWED)
            .allocate(target, locks);
    SpeedComparison speed =
        new SpeedComparison(
            new SpeedResult(1234, 41.2, 1L << 30, 128, 128, 10, "cpu"),
            new SpeedResult(1710, 52.8, 1L << 29, 128, 128, 10, "cpu"),
            new SpeedComparison.Spread(1.3, 1.38, 1.4),
            new SpeedComparison.Spread(1.25, 1.28, 1.31));
    Run run =
        new Run(
            "run-1",
            name,
            Path.of("runs", "run-1"),
            Path.of("models", "dense"),
            "5f2e",
            "flap",
            Map.of("metric", "WIFV", "structure", "AL-AM"),
            target,
            locks,
            allocation,
            Ratios.of(allocation, MODEL),
            MODEL.totalParameters(),
            MODEL.totalParameters() * 3 / 4,
            123_456_789,
            12.3,
            1L << 31,
            Instant.parse("2026-01-02T03:04:05Z"),
            measured ? List.of(perplexity(9, PROTOCOL)) : List.of(),
            measured ? Optional.of(speed) : Optional.empty());
    return new RunReport(
        run,
        "sample model",
        MODEL,
        METHOD,
        measured ? Optional.of(IMPORTANCE) : Optional.empty(),
        "64 windows of 128 tokens of stories.txt, seed 0",
        List.of(perplexity(6, PROTOCOL)),
        Optional.of(Path.of("exports", "pruned")));
  }

  private static Document parsed(String page) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void tellsEverythingAboutTheRun() throws Exception {
    String page = HtmlReport.of(report("first try", true));
    String words = parsed(page).getDocumentElement().getTextContent();
    assertThat(words)
        .contains("first try")
        .contains("FLAP, 30 % of the prunable parameters")
        .contains("Removed of the prunable parameters")
        .contains("Removed of all head groups and channels")
        .contains("Removed of the parameters of the decoder blocks")
        .contains("Removed of all parameters")
        .contains(PROTOCOL.description())
        .contains("×1.28 (quartiles 1.25 to 1.31)")
        .contains("Parameter metric")
        .contains("An et al., AAAI 2024")
        .contains("locked")
        .contains("hand-set")
        .contains(Path.of("exports", "pruned").toString())
        .contains("2026-01-02 03:04 UTC");
    assertThat(parsed(page).getElementsByTagName("img").getLength()).isEqualTo(3);
  }

  @Test
  void namesFromOutsideCannotBecomeMarkup() throws Exception {
    String name = "<script>alert(\"x\")</script> & 'y'";
    Document page = parsed(HtmlReport.of(report(name, false)));
    assertThat(page.getElementsByTagName("script").getLength()).isZero();
    assertThat(page.getElementsByTagName("h1").item(0).getTextContent()).isEqualTo(name);
  }

  @Test
  void whatWasNotMeasuredIsLeftOut() {
    assertThat(HtmlReport.of(report("bare", false)))
        .doesNotContain("<h2>Perplexity</h2>")
        .doesNotContain("<h2>Speed and memory</h2>");
  }

  @Test
  void aDensePerplexityOfAnotherProtocolIsNotCompared() {
    RunReport report = report("first try", true);
    Protocol other =
        new Protocol("stories.txt", "abc", 256, 60, PROTOCOL.bos(), "float32", "cpu", 0);
    RunReport mismatched =
        new RunReport(
            report.run(),
            report.modelName(),
            report.model(),
            report.method(),
            report.importance(),
            report.calibration(),
            List.of(perplexity(6, other)),
            report.export());
    assertThat(HtmlReport.of(mismatched)).contains("not measured → ");
  }

  @Test
  void aFolderHoldsThePageAndItsPictures(@TempDir Path temporary) throws Exception {
    Path folder = temporary.resolve("deep").resolve("report");
    Path page = ReportFolder.write(report("first try", true), folder);
    assertThat(page).isEqualTo(folder.resolve("report.html")).isNotEmptyFile();
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "report.html",
              "espalier.png",
              "espalier.svg",
              "espalier.csv",
              "perplexity.png",
              "perplexity.svg",
              "perplexity.csv",
              "speed.png",
              "speed.svg",
              "speed.csv");
    }
  }

  /** Leaves a report to look at. */
  @Test
  void anExampleCanBeLookedAt() {
    assertThat(ReportFolder.write(report("flap 30 %", true), Path.of("target/pictures/report")))
        .exists();
  }
}
