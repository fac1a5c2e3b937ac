package org.espalier.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.espalier.task.EspalierException;

/**
 * Text for calibration and evaluation: rows of a text file, or token windows that are ready.
 *
 * @param source name of the file it came from, for protocols and messages
 * @param rows rows of text; empty exactly when {@code windows} is present
 * @param windows ready windows
 */
public record Corpus(String source, List<String> rows, Optional<TokenWindows> windows) {
  /** How rows are joined for perplexity, as is usual for WikiText-2. */
  private static final String PARAGRAPH = "\n\n";

  private static final long LARGEST_BYTES = 1L << 30;

  public Corpus {
    rows = List.copyOf(rows);
    if (rows.isEmpty() != windows.isPresent()) {
      throw new IllegalArgumentException("a corpus is either rows or windows");
    }
  }

  /** One text as a single row. */
  public static Corpus ofText(String source, String text) {
    return new Corpus(source, List.of(text), Optional.empty());
  }

  /**
   * Reads a file; its name says how:
   *
   * <ul>
   *   <li>{@code .json}: ready windows, a list of lists of ids
   *   <li>{@code .jsonl}: one row per line, its {@code text} field
   *   <li>{@code .raw}: one row per line as in the raw WikiText files, each with its line break;
   *       blank lines are empty rows
   *   <li>anything else: the whole file is one row of UTF-8 text, unchanged
   * </ul>
   *
   * @param vocabularySize bound for the ids of ready windows
   * @throws EspalierException naming file, position and reason
   */
  public static Corpus read(Path file, int vocabularySize) {
    String source = String.valueOf(file.getFileName());
    String name = source.toLowerCase(Locale.ROOT);
    if (!Files.isRegularFile(file)) {
      throw new EspalierException("There is no text file " + file + "; check its path.");
    }
    requireBounded(file);
    if (name.endsWith(".json")) {
      return new Corpus(source, List.of(), Optional.of(TokenWindows.read(file, vocabularySize)));
    }
    try {
      List<String> rows;
      if (name.endsWith(".jsonl")) {
        rows = jsonLines(file);
      } else if (name.endsWith(".raw")) {
        rows = text(file).lines().map(line -> line.isBlank() ? "" : line + "\n").toList();
      } else {
        rows = List.of(text(file));
      }
      if (rows.stream().allMatch(String::isBlank)) {
        throw new EspalierException(file + " holds no text; choose another file.");
      }
      return new Corpus(source, rows, Optional.empty());
    } catch (CharacterCodingException e) {
      throw new EspalierException(file + " is not UTF-8 text; save it as UTF-8.", e);
    } catch (IOException e) {
      throw new EspalierException(file + " cannot be read (" + e.getMessage() + ").", e);
    }
  }

  private static void requireBounded(Path file) {
    long bytes;
    try {
      bytes = Files.size(file);
    } catch (IOException e) {
      throw new EspalierException(file + " cannot be read (" + e.getMessage() + ").", e);
    }
    if (bytes > LARGEST_BYTES) {
      throw new EspalierException(
          file
              + " has "
              + (bytes >> 20)
              + " MB, more than text is read from (1024 MB); use a part of it.");
    }
  }

  private static String text(Path file) throws IOException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
        .toString();
  }

  private static List<String> jsonLines(Path file) {
    List<String> rows = new ArrayList<>();
    for (JsonLines.Line line : JsonLines.read(file)) {
      JsonNode text = line.content().path("text");
      if (!text.isTextual()) {
        throw line.complaint("there is no text field \"text\" with a string.");
      }
      rows.add(text.textValue());
    }
    return rows;
  }

  /**
   * Windows for perplexity: all rows joined by an empty line, tokenised once, with BOS where the
   * tokenizer adds one, cut into neighbouring windows. Ready windows are cut to {@code length}.
   *
   * @throws EspalierException if the text is too short
   */
  public TokenWindows evaluationWindows(Tokenizer tokenizer, int length) {
    return windows
        .map(ready -> ready.shortenedTo(length))
        .orElseGet(() -> TokenWindows.cut(stream(tokenizer, PARAGRAPH), length, source));
  }

  /** Ids of all rows joined by {@code separator}, BOS in front where the tokenizer adds one. */
  int[] stream(Tokenizer tokenizer, String separator) {
    return tokenizer.encodeStream(String.join(separator, rows));
  }
}
