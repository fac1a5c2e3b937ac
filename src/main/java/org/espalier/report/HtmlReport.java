package org.espalier.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
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
  private static final String STYLE =
      """
      body { font: 15px/1.5 system-ui, sans-serif; color: #1f2624; background: #f4f5f3;
        margin: 0 }
      main { max-width: 1080px; margin: 0 auto; padding: 24px }
      h1 { font-size: 24px; margin: 8px 0 }
      h2 { font-size: 17px; margin: 28px 0 8px }
      section { background: #fff; border: 1px solid #e2e4e1; border-radius: 8px;
        padding: 4px 20px 20px; margin: 16px 0 }
      img { max-width: 100%; height: auto; display: block; margin: 12px 0 }
      table { border-collapse: collapse }
      th, td { text-align: left; padding: 4px 18px 4px 0; border-bottom: 1px solid #e9ebe8;
        vertical-align: top }
      th { color: #5f6a66; font-weight: 500 }
      td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
      .quiet { color: #5f6a66 }
      .gone td { color: #b8532a; text-decoration: line-through }
      code { font-size: 13px; overflow-wrap: anywhere }
      """;

  private final RunReport report;
  private final Run run;
  private final StringBuilder page = new StringBuilder();

  private HtmlReport(RunReport report) {
    this.report = report;
    this.run = report.run();
  }

  /** The whole page. */
  public static String of(RunReport report) {
    return new HtmlReport(report).page();
  }

  private String page() {
    page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
        .append("<title>")
        .append(escape(run.name() + " · Espalier"))
        .append("</title>\n<style>\n")
        .append(STYLE)
        .append("</style>\n</head>\n<body>\n<main>\n<h1>")
        .append(escape(run.name()))
        .append("</h1>\n<p class=\"quiet\">")
        .append(escape(report.modelName() + " · " + report.title()))
        .append("</p>\n");
    section("Result", this::summary);
    section("Allocation", this::allocation);
    if (!run.perplexities().isEmpty()) {
      section("Perplexity", this::perplexity);
    }
    run.speed().ifPresent(speed -> section("Speed and memory", this::speed));
    section("Kept units", this::keptUnits);
    section("How it was made", this::provenance);
    return page.append("</main>\n</body>\n</html>\n").toString();
  }

  private void section(String title, Runnable content) {
    page.append("<section>\n<h2>").append(escape(title)).append("</h2>\n");
    content.run();
    page.append("</section>\n");
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
    pairs(rows);
  }

  private Optional<PerplexityResult> newest() {
    return run.perplexities().stream().reduce((earlier, later) -> later);
  }

  private void allocation() {
    picture(report.espalier(false));
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
    table(List.of("protocol", "dense", "pruned", "ratio"), rows);
    report.perplexity(false).ifPresent(this::picture);
  }

  private void speed() {
    run.speed()
        .ifPresent(
            speed ->
                table(
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
    report.speed(false).ifPresent(this::picture);
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
      cell(Integer.toString(block), false);
      cell(kept(run.allocation().kept(attention), report.model().units(attention)), true);
      cell(hold(attention), false);
      cell(kept(keptChannels, channels), true);
      cell(channels == 0 ? "" : ReadableNumbers.percent((double) keptChannels / channels), true);
      cell(hold(feedForward), false);
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
    pairs(rows);
  }

  private void pairs(List<List<String>> rows) {
    page.append("<table>\n");
    for (List<String> row : rows) {
      page.append("<tr><th>").append(escape(row.get(0))).append("</th>");
      cell(row.get(1), false);
      page.append("</tr>\n");
    }
    page.append("</table>\n");
  }

  private void table(List<String> headings, List<List<String>> rows) {
    page.append("<table>\n<tr>");
    for (int i = 0; i < headings.size(); i++) {
      page.append(i == 0 ? "<th>" : "<th class=\"number\">")
          .append(escape(headings.get(i)))
          .append("</th>");
    }
    page.append("</tr>\n");
    for (List<String> row : rows) {
      page.append("<tr>");
      for (int i = 0; i < row.size(); i++) {
        cell(row.get(i), i > 0);
      }
      page.append("</tr>\n");
    }
    page.append("</table>\n");
  }

  private void cell(String words, boolean number) {
    page.append(number ? "<td class=\"number\">" : "<td>").append(escape(words)).append("</td>");
  }

  private void picture(Figure figure) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      FigureWriter.write(figure, FigureFormat.PNG, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    page.append("<img width=\"")
        .append(figure.width())
        .append("\" height=\"")
        .append(figure.height())
        .append("\" alt=\"")
        .append(escape(figure.title()))
        .append("\" src=\"data:image/png;base64,")
        .append(Base64.getEncoder().encodeToString(bytes.toByteArray()))
        .append("\"/>\n");
  }

  /** Makes words safe between tags and in quoted attributes. */
  static String escape(String words) {
    return words
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
