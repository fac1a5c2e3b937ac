package org.espalier.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.espalier.task.EspalierException;

/** Writes the report about a run, and its pictures beside it, into a folder. */
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
    try {
      Files.createDirectories(folder);
      pictures(report.espalier(false), folder, "espalier");
      report.perplexity(false).ifPresent(figure -> pictures(figure, folder, "perplexity"));
      report.speed(false).ifPresent(figure -> pictures(figure, folder, "speed"));
      Path page = folder.resolve("report.html");
      Path unfinished = folder.resolve("report.html.unfinished");
      Files.writeString(unfinished, HtmlReport.of(report), StandardCharsets.UTF_8);
      return Files.move(unfinished, page, StandardCopyOption.REPLACE_EXISTING);
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
