package org.espalier.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.espalier.report.chart.ChartStyle;
import org.espalier.report.comparison.ProtocolGroup;
import org.espalier.task.EspalierException;

/** Writes reports and the pictures that belong to them into a folder. */
public final class ReportFolder {
  private static final String PAGE = "report.html";

  private ReportFolder() {}

  /**
   * Writes report.html, and espalier, perplexity and speed as PNG, SVG and CSV as far as they were
   * measured.
   *
   * @return the page
   * @throws EspalierException if the folder cannot be written
   */
  public static Path write(RunReport report, Path folder) {
    Path page = folder.resolve(PAGE);
    writing(
        folder,
        () -> {
          pictures(report.espalier(false), folder, "espalier");
          report.perplexity(false).ifPresent(figure -> pictures(figure, folder, "perplexity"));
          report.speed(false).ifPresent(figure -> pictures(figure, folder, "speed"));
          TableFiles.write(page, HtmlReport.of(report));
        });
    return page;
  }

  /**
   * Writes report.html and comparison.csv, and the trade-offs as PNG, SVG and CSV.
   *
   * @return the page
   * @throws EspalierException if the folder cannot be written
   */
  public static Path write(ComparisonReport report, Path folder) {
    Path page = folder.resolve(PAGE);
    writing(
        folder,
        () -> {
          Files.writeString(
              folder.resolve("comparison.csv"), report.table().toCsv(), StandardCharsets.UTF_8);
          ChartStyle style = ChartStyle.LIGHT;
          report.tradeOff(style).ifPresent(f -> pictures(f, folder, "trade-off"));
          report.speedTradeOff(style).ifPresent(f -> pictures(f, folder, "speed-trade-off"));
          TableFiles.write(page, report.html());
        });
    return page;
  }

  /**
   * Writes the page of a comparison as one file with its pictures inside.
   *
   * @throws EspalierException if it cannot be written
   */
  public static void writePage(RunComparison comparison, Path file) {
    writing(
        file.toAbsolutePath().getParent(),
        () -> TableFiles.write(file, RunComparisonPage.of(comparison, Instant.now())));
  }

  /**
   * Writes report.html, comparison.csv, and the pictures as PNG, SVG and CSV as far as they were
   * measured. What belongs to a second protocol is numbered.
   *
   * @return the page
   * @throws EspalierException if the folder cannot be written
   */
  public static Path write(RunComparison comparison, Path folder) {
    Path page = folder.resolve(PAGE);
    writing(
        folder,
        () -> {
          TableFiles.write(comparison.tables().all(), folder.resolve("comparison.csv"));
          ChartStyle style = ChartStyle.LIGHT;
          int number = 0;
          for (ProtocolGroup group : comparison.tables().groups()) {
            number++;
            String suffix = number == 1 ? "" : "-" + number;
            pictures(comparison.perplexity(group, style), folder, "perplexity" + suffix);
            pictures(comparison.tradeOff(group, style), folder, "trade-off" + suffix);
            pictures(comparison.pareto(group, style), folder, "pareto" + suffix);
          }
          comparison.tasks(style).ifPresent(figure -> pictures(figure, folder, "tasks"));
          pictures(comparison.speeds(style), folder, "speed");
          pictures(comparison.allocations(style), folder, "allocations");
          TableFiles.write(page, RunComparisonPage.of(comparison, Instant.now()));
        });
    return page;
  }

  private static void pictures(List<Figure> figures, Path folder, String name) {
    for (int i = 0; i < figures.size(); i++) {
      pictures(figures.get(i), folder, i == 0 ? name : name + "-" + (i + 1));
    }
  }

  /** What may fail while files are written. */
  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  private static void writing(Path folder, Writing writing) {
    try {
      Files.createDirectories(folder);
      drawing(writing);
    } catch (IOException e) {
      throw new EspalierException(
          "The report cannot be written to "
              + folder
              + " ("
              + e.getMessage()
              + "); choose another folder or free some space.",
          e);
    }
  }

  private static void drawing(Writing writing) throws IOException {
    try {
      writing.run();
    } catch (InternalError | LinkageError e) {
      // What Java throws where the system has no fonts or lacks the library that draws them.
      throw new EspalierException(
          "Pictures cannot be drawn because this system lacks fonts; install fontconfig and a font"
              + " such as fonts-dejavu-core.",
          e);
    }
  }

  private static void pictures(Figure figure, Path folder, String name) {
    for (FigureFormat format :
        new FigureFormat[] {FigureFormat.PNG, FigureFormat.SVG, FigureFormat.CSV}) {
      FigureWriter.write(figure, format, folder.resolve(name + "." + format.extension()));
    }
  }
}
