package org.espalier.report;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import org.espalier.allocation.Hold;
import org.espalier.allocation.RatioDefinition;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.SpeedComparison.Spread;
import org.espalier.report.chart.PerplexityFormat;
import org.espalier.transformer.SubLayer;
import org.espalier.workspace.Run;

/** A report about one run as a single HTML page with its pictures inside. */
public final class HtmlReport {
  private final RunReport report;
  private final Run run;
  private final HtmlPage page;

  private HtmlReport(RunReport report) {
    this.report = report;
    this.run = report.run();
    this.page = new HtmlPage(run.name(), report.modelName() + " · " + report.title());
  }

  /** The whole page. */
  public static String of(RunReport report) {
    return new HtmlReport(report).page();
  }

  private String page() {
    page.section("Result", this::summary);
    page.section("Allocation", () -> page.picture(report.espalier(false)));
    if (!run.perplexities().isEmpty()) {
      page.section("Perplexity", this::perplexity);
    }
    run.speed().ifPresent(speed -> page.section("Speed and memory", this::speed));
    page.section("Kept units", this::keptUnits);
    page.section("How it was made", this::provenance);
    return page.text();
  }

  private void summary() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "Target",
            ReadableNumbers.percent(run.target().ratio())
                + " of "
                + run.target().of().reference()));
    for (RatioDefinition definition : RatioDefinition.values()) {
      rows.add(
          List.of(
              "Removed of " + definition.reference(),
              String.format(Locale.ROOT, "%.3f %%", 100 * run.ratios().by(definition))));
    }
    rows.add(
        List.of(
            "Parameters",
            String.format(
                Locale.ROOT,
                "%,d → %,d (%s → %s)",
                run.parametersBefore(),
                run.parametersAfter(),
                ReadableNumbers.count(run.parametersBefore()),
                ReadableNumbers.count(run.parametersAfter()))));
    rows.add(List.of("Weights", ReadableNumbers.bytes(run.bytes())));
    newest()
        .ifPresent(
            result ->
                rows.add(
                    List.of(
                        "Perplexity, dense → pruned",
                        report
                                .dense(result)
                                .map(dense -> PerplexityFormat.format(dense.perplexity()))
                                .orElse("not measured")
                            + " → "
                            + PerplexityFormat.format(result.perplexity()))));
    run.speed().ifPresent(speed -> rows.add(List.of("Decode speed", ratio(speed.decode()))));
    report.export().ifPresent(folder -> rows.add(List.of("Exported to", folder.toString())));
    page.pairs(rows);
  }

  private Optional<PerplexityResult> newest() {
    return run.perplexities().stream().reduce((earlier, later) -> later);
  }

  private void perplexity() {
    List<List<String>> rows = new ArrayList<>();
    for (PerplexityResult result : run.perplexities()) {
      Optional<PerplexityResult> dense = report.dense(result);
      rows.add(
          List.of(
              result.protocol().description(),
              dense.map(d -> PerplexityFormat.format(d.perplexity())).orElse("–"),
              PerplexityFormat.format(result.perplexity()),
              dense
                  .map(
                      d ->
                          String.format(Locale.ROOT, "×%.3f", result.perplexity() / d.perplexity()))
                  .orElse("–")));
    }
    page.table(List.of("protocol", "dense", "pruned", "ratio"), rows);
    report.perplexity(false).ifPresent(page::picture);
  }

  private void speed() {
    run.speed()
        .ifPresent(
            speed ->
                page.table(
                    List.of("", "dense", "pruned", "pruned over dense"),
                    List.of(
                        List.of(
                            "prefill, tokens/s",
                            rate(speed.dense().prefillTokensPerSecond()),
                            rate(speed.pruned().prefillTokensPerSecond()),
                            ratio(speed.prefill())),
                        List.of(
                            "decode, tokens/s",
                            rate(speed.dense().decodeTokensPerSecond()),
                            rate(speed.pruned().decodeTokensPerSecond()),
                            ratio(speed.decode())),
                        List.of(
                            "peak memory",
                            ReadableNumbers.bytes(speed.dense().peakMemoryBytes()),
                            ReadableNumbers.bytes(speed.pruned().peakMemoryBytes()),
                            ""))));
    report.speed(false).ifPresent(page::picture);
  }

  private static String rate(double tokensPerSecond) {
    return String.format(Locale.ROOT, "%,.1f", tokensPerSecond);
  }

  private static String ratio(Spread spread) {
    return String.format(
        Locale.ROOT,
        "×%.2f (quartiles %.2f to %.2f)",
        spread.median(),
        spread.low(),
        spread.high());
  }

  private void keptUnits() {
    page.append("<table>\n<tr><th>block</th><th class=\"number\">head groups</th>")
        .append("<th></th><th class=\"number\">channels</th><th class=\"number\">share</th>")
        .append("<th></th></tr>\n");
    for (int block = 0; block < run.allocation().blocks(); block++) {
      SubLayer attention = SubLayer.attention(block);
      SubLayer feedForward = SubLayer.feedForward(block);
      int channels = report.model().units(feedForward);
      int keptChannels = run.allocation().kept(feedForward);
      boolean gone = run.allocation().kept(attention) == 0 && keptChannels == 0;
      page.append(gone ? "<tr class=\"gone\">" : "<tr>");
      page.cell(Integer.toString(block), false);
      page.cell(kept(run.allocation().kept(attention), report.model().units(attention)), true);
      page.cell(hold(attention), false);
      page.cell(kept(keptChannels, channels), true);
      page.cell(
          channels == 0 ? "" : ReadableNumbers.percent((double) keptChannels / channels), true);
      page.cell(hold(feedForward), false);
      page.append("</tr>\n");
    }
    page.append("</table>\n");
  }

  private static String kept(int kept, int units) {
    return String.format(Locale.ROOT, "%,d / %,d", kept, units);
  }

  private String hold(SubLayer subLayer) {
    return run.locks().of(subLayer).map(HtmlReport::word).orElse("");
  }

  private static String word(Hold hold) {
    return hold.editable() ? "hand-set" : "locked";
  }

  private void provenance() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Method", report.method().title() + " (" + run.method() + ")"));
    rows.add(List.of("Source", report.method().source()));
    new TreeMap<>(run.parameters())
        .forEach((name, value) -> rows.add(List.of("Parameter " + name, value)));
    rows.add(
        List.of("Calibration", report.calibration().isEmpty() ? "none" : report.calibration()));
    rows.add(List.of("Dense checkpoint", run.checkpoint().toString()));
    rows.add(List.of("Its content hash", run.checkpointHash()));
    rows.add(List.of("Run", run.folder().toString()));
    rows.add(
        List.of(
            "Made",
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(run.created())));
    rows.add(List.of("Pruning took", ReadableNumbers.duration(run.seconds())));
    rows.add(List.of("Peak memory", ReadableNumbers.bytes(run.peakMemoryBytes())));
    page.pairs(rows);
  }
}
