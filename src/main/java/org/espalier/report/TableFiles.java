package org.espalier.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.espalier.task.EspalierException;

/** Writes tables of measured values into files; the ending says in which form. */
public final class TableFiles {
  private TableFiles() {}

  /** The forms, by the ending of a file's name. */
  private enum Form {
    CSV(MeasuredTable::toCsv),
    MD(MeasuredTable::toMarkdown),
    TEX(MeasuredTable::toLatex);

    private final Function<MeasuredTable, String> writer;

    Form(Function<MeasuredTable, String> writer) {
      this.writer = writer;
    }

    static Optional<Form> of(Path file) {
      String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
      for (Form form : values()) {
        if (name.endsWith("." + form.name().toLowerCase(Locale.ROOT))) {
          return Optional.of(form);
        }
      }
      return Optional.empty();
    }
  }

  /** Whether a file's ending names a form. */
  public static boolean canWrite(Path file) {
    return Form.of(file).isPresent();
  }

  /**
   * Writes tables. Markdown and LaTeX hold them one below the other; comma-separated tables get a
   * file each, numbered from the second one on.
   *
   * @return the files
   * @throws EspalierException if the ending is none of .csv, .md and .tex, or a file cannot be
   *     written
   */
  public static List<Path> write(List<MeasuredTable> tables, Path file) {
    Form form =
        Form.of(file)
            .orElseThrow(
                () ->
                    new EspalierException(
                        "A table is written as .csv, .md or .tex, not as " + file + "."));
    List<String> texts =
        form == Form.CSV
            ? tables.stream().map(form.writer).toList()
            : List.of(tables.stream().map(form.writer).collect(Collectors.joining("\n")));
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      Path target = i == 0 ? file : numbered(file, i + 1);
      write(target, texts.get(i));
      files.add(target);
    }
    return files;
  }

  private static Path numbered(Path file, int number) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return file.resolveSibling(name.substring(0, dot) + "-" + number + name.substring(dot));
  }

  /**
   * Writes a text so that it appears complete or not at all.
   *
   * @throws EspalierException if it cannot be written
   */
  static void write(Path file, String text) {
    Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    try {
      try {
        Files.writeString(unfinished, text, StandardCharsets.UTF_8);
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      throw new EspalierException(
          "Cannot write "
              + file
              + " ("
              + e.getMessage()
              + "); choose another place or free some space.",
          e);
    }
  }
}
