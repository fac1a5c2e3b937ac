package org.espalier.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.espalier.report.chart.ChartStyle;
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
          replace(page, HtmlReport.of(report));
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
          replace(page, report.html());
        });
    return page;
  }

  private static void replace(Path page, String html) throws IOException {
    Path unfinished = page.resolveSibling(PAGE + ".unfinished");
    Files.writeString(unfinished, html, StandardCharsets.UTF_8);
    Files.move(unfinished, page, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Writes comparison.csv, and perplexity, trade-off and speed as PNG, SVG and CSV as far as they
   * were measured.
   *
   * @throws EspalierException if the folder cannot be written
   */
  public static void write(RunComparison comparison, Path folder) {
    writing(
        folder,
        () -> {
          Files.writeString(
              folder.resolve("comparison.csv"), comparison.table().toCsv(), StandardCharsets.UTF_8);
          ChartStyle style = ChartStyle.LIGHT;
          comparison.perplexity(style).ifPresent(f -> pictures(f, folder, "perplexity"));
          comparison.tradeOff(style).ifPresent(f -> pictures(f, folder, "trade-off"));
          comparison.speed(style).ifPresent(f -> pictures(f, folder, "speed"));
        });
  }

  /** What may fail while files are written. */
  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  private static void writing(Path folder, Writing writing) {
    try {
      Files.createDirectories(folder);
      writing.run();
    } catch (InternalError | LinkageError e) {
      // What Java throws where the system has no fonts or lacks the library that draws them.
      throw new EspalierException(
          "Pictures cannot be drawn because this system lacks fonts; install fontconfig and a font"
              + " such as fonts-dejavu-core.",
          e);
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

  private static void pictures(Figure figure, Path folder, String name) {
    for (FigureFormat format :
        new FigureFormat[] {FigureFormat.PNG, FigureFormat.SVG, FigureFormat.CSV}) {
      FigureWriter.write(figure, format, folder.resolve(name + "." + format.extension()));
    }
  }
}
