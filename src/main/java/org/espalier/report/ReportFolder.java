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
  private ReportFolder() {}

  /**
   * Writes report.html, and espalier, perplexity and speed as PNG, SVG and CSV as far as they were
   * measured.
   *
   * @return the page
   * @throws EspalierException if the folder cannot be written
   */
  public static Path write(RunReport report, Path folder) {
    Path page = folder.resolve("report.html");
    writing(
        folder,
        () -> {
          pictures(report.espalier(false), folder, "espalier");
          report.perplexity(false).ifPresent(figure -> pictures(figure, folder, "perplexity"));
          report.speed(false).ifPresent(figure -> pictures(figure, folder, "speed"));
          Path unfinished = folder.resolve("report.html.unfinished");
          Files.writeString(unfinished, HtmlReport.of(report), StandardCharsets.UTF_8);
          Files.move(unfinished, page, StandardCopyOption.REPLACE_EXISTING);
        });
    return page;
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
