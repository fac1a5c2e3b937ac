package org.espalier.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
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
    return read(file, vocabularySize, RowRule.BY_NAME, "text");
  }

  /**
   * As {@link #read(Path, int)}, with other rules for rows.
   *
   * @param rule how a text file is split; ready windows and JSONL have their own rules
   * @param field of a JSONL line that holds its text
   */
  public static Corpus read(Path file, int vocabularySize, RowRule rule, String field) {
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
      if (name.endsWith(".jsonl") || name.endsWith(".jsonl.gz")) {
        rows = jsonLines(file, field);
      } else {
        RowRule byName = name.endsWith(".raw") ? RowRule.LINES_AS_ROWS : RowRule.WHOLE;
        rows = rows(text(file), rule == RowRule.BY_NAME ? byName : rule);
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

  private static List<String> rows(String text, RowRule rule) {
    return switch (rule) {
      case LINES_AS_ROWS -> text.lines().map(line -> line.isBlank() ? "" : line + "\n").toList();
      case LINES_STRIPPED ->
          text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
      default -> List.of(text);
    };
  }

  private static List<String> jsonLines(Path file, String field) {
    List<String> rows = new ArrayList<>();
    for (JsonLines.Line line : JsonLines.read(file)) {
      JsonNode text = line.content().path(field);
      if (!text.isTextual()) {
        throw line.complaint("there is no text field \"" + field + "\" with a string.");
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

  /**
   * As {@link #evaluationWindows(Tokenizer, int)}, under other rules.
   *
   * @param separator put between rows
   * @param bos whether BOS stands in front
   * @param beginOfText the model's BOS, for {@link BosRule#ALWAYS}
   * @throws EspalierException if the text is too short, or BOS is asked for and the model has none
   */
  public TokenWindows evaluationWindows(
      Tokenizer tokenizer, int length, String separator, BosRule bos, OptionalInt beginOfText) {
    if (windows.isPresent()) {
      return windows.get().shortenedTo(length);
    }
    String text = String.join(separator, rows);
    int[] stream =
        switch (bos) {
          case TOKENIZER -> tokenizer.encodeStream(text);
          case NONE -> tokenizer.encode(text);
          case ALWAYS ->
              IntStream.concat(
                      IntStream.of(bos(tokenizer, beginOfText)),
                      Arrays.stream(tokenizer.encode(text)))
                  .toArray();
        };
    return TokenWindows.cut(stream, length, source);
  }

  private static int bos(Tokenizer tokenizer, OptionalInt beginOfText) {
    OptionalInt own = tokenizer.beginOfSequence();
    return (own.isPresent() ? own : beginOfText)
        .orElseThrow(
            () ->
                new EspalierException(
                    "The model has no BOS token that could begin the text; choose the BOS rule"
                        + " tokenizer or none."));
  }

  /** The first rows, at most so many; ready windows stay as they are. */
  public Corpus firstRows(int most) {
    return most < 1 || rows.size() <= most
        ? this
        : new Corpus(source, rows.subList(0, most), windows);
  }

  /** Ids of all rows joined by {@code separator}, BOS in front where the tokenizer adds one. */
  int[] stream(Tokenizer tokenizer, String separator) {
    return tokenizer.encodeStream(String.join(separator, rows));
  }
}
