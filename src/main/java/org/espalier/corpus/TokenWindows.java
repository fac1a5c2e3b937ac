package org.espalier.corpus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.espalier.task.EspalierException;

/**
 * Pieces of text as token ids, all of the same length, in a fixed order. Immutable.
 *
 * <p>As a file: JSON, a list of lists of ids.
 */
public final class TokenWindows {
  private static final JsonFactory JSON = new JsonFactory();

  private final int[][] windows;
  private final String hash;

  private TokenWindows(int[][] windows) {
    this.windows = windows;
    this.hash = Hashes.sha256(windows);
  }

  /**
   * Wraps ids [count, length].
   *
   * @throws IllegalArgumentException if there are none or their lengths differ
   */
  public static TokenWindows of(int[][] ids) {
    if (ids.length == 0 || ids[0].length == 0) {
      throw new IllegalArgumentException("no token windows");
    }
    int[][] copy = new int[ids.length][];
    for (int i = 0; i < ids.length; i++) {
      if (ids[i].length != ids[0].length) {
        throw new IllegalArgumentException("token windows of different lengths");
      }
      copy[i] = ids[i].clone();
    }
    return new TokenWindows(copy);
  }

  /**
   * Cuts a stream of ids into neighbouring windows that do not overlap; a shorter rest is dropped.
   *
   * @param source name of the text, for the message
   * @throws EspalierException if the stream is shorter than one window
   */
  public static TokenWindows cut(int[] stream, int length, String source) {
    if (length < 1) {
      throw new IllegalArgumentException("window length " + length);
    }
    if (stream.length < length) {
      throw new EspalierException(
          source
              + " holds "
              + stream.length
              + " tokens, fewer than one window of "
              + length
              + "; use a longer text or a shorter window.");
    }
    int[][] ids = new int[stream.length / length][];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Arrays.copyOfRange(stream, i * length, (i + 1) * length);
    }
    return new TokenWindows(ids);
  }

  /**
   * Reads a list of lists of ids.
   *
   * @param vocabularySize every id must be below it
   * @throws EspalierException naming file and position if the file holds anything else, no window,
   *     windows of different lengths or an id outside the vocabulary
   */
  public static TokenWindows read(Path file, int vocabularySize) {
    List<int[]> windows = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(file.toFile())) {
      expect(parser, parser.nextToken(), JsonToken.START_ARRAY, file, "a list of windows");
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        expect(parser, parser.currentToken(), JsonToken.START_ARRAY, file, "a list of ids");
        int[] window = readWindow(parser, file, windows.size(), vocabularySize);
        if (!windows.isEmpty() && window.length != windows.get(0).length) {
          throw new EspalierException(
              file
                  + ": window "
                  + windows.size()
                  + " has "
                  + window.length
                  + " ids but window 0 has "
                  + windows.get(0).length
                  + "; all windows of a file must be equally long.");
        }
        windows.add(window);
      }
      if (parser.nextToken() != null) {
        throw unexpected(parser, file, "nothing after the list of windows");
      }
    } catch (IOException e) {
      throw new EspalierException(
          file
              + " cannot be read as token windows ("
              + firstLine(e.getMessage())
              + "); it must be a JSON list of lists of ids.",
          e);
    }
    if (windows.isEmpty()) {
      throw new EspalierException(file + " holds no token windows; it must have at least one.");
    }
    return new TokenWindows(windows.toArray(int[][]::new));
  }

  private static int[] readWindow(JsonParser parser, Path file, int window, int vocabularySize)
      throws IOException {
    int[] ids = new int[128];
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      expect(parser, parser.currentToken(), JsonToken.VALUE_NUMBER_INT, file, "an id");
      if (parser.getNumberType() != JsonParser.NumberType.INT
          || parser.getIntValue() < 0
          || parser.getIntValue() >= vocabularySize) {
        throw new EspalierException(
            file
                + ": id "
                + shortened(parser.getText())
                + " at position "
                + count
                + " of window "
                + window
                + " is outside the vocabulary of "
                + vocabularySize
                + "; these windows were made with another tokenizer.");
      }
      if (count == ids.length) {
        ids = Arrays.copyOf(ids, 2 * count);
      }
      ids[count++] = parser.getIntValue();
    }
    if (count == 0) {
      throw new EspalierException(file + ": window " + window + " is empty; remove it.");
    }
    return Arrays.copyOf(ids, count);
  }

  private static void expect(
      JsonParser parser, JsonToken found, JsonToken wanted, Path file, String what) {
    if (found != wanted) {
      throw unexpected(parser, file, what);
    }
  }

  private static EspalierException unexpected(JsonParser parser, Path file, String wanted) {
    JsonLocation place = parser.currentTokenLocation();
    return new EspalierException(
        file
            + ", line "
            + place.getLineNr()
            + ", column "
            + place.getColumnNr()
            + ": expected "
            + wanted
            + "; token windows are a JSON list of lists of ids.");
  }

  private static String firstLine(String message) {
    return shortened(message.lines().findFirst().orElse("unreadable"));
  }

  private static String shortened(String text) {
    return text.length() <= 160 ? text : text.substring(0, 160) + "...";
  }

  /** Writes the windows as a JSON list of lists. */
  public void write(Path file) {
    try {
      new ObjectMapper().writeValue(file.toFile(), windows);
    } catch (IOException e) {
      throw new EspalierException(
          "The token windows cannot be written to " + file + " (" + e.getMessage() + ").", e);
    }
  }

  /** Number of windows, at least 1. */
  public int count() {
    return windows.length;
  }

  /** Ids of one window, at least 1. */
  public int length() {
    return windows[0].length;
  }

  /** The largest id of all windows. */
  public int largestId() {
    return Arrays.stream(windows).flatMapToInt(Arrays::stream).max().orElseThrow();
  }

  /** A copy of window {@code index}, [length]. */
  public int[] window(int index) {
    return windows[index].clone();
  }

  /** A copy of all ids, [windows][length]. */
  public int[][] toArray() {
    return Arrays.stream(windows).map(int[]::clone).toArray(int[][]::new);
  }

  /** The first {@code count} windows. */
  public TokenWindows first(int count) {
    if (count < 1 || count > windows.length) {
      throw new EspalierException(
          count
              + " windows were asked for but there are "
              + windows.length
              + "; ask for fewer or give more text.");
    }
    return count == windows.length ? this : new TokenWindows(Arrays.copyOf(windows, count));
  }

  /** The same windows in an order drawn with a seed. */
  public TokenWindows shuffled(long seed) {
    List<int[]> order = new ArrayList<>(Arrays.asList(windows));
    Collections.shuffle(order, new Random(seed));
    return new TokenWindows(order.toArray(int[][]::new));
  }

  /** Every window cut to its first {@code length} ids. */
  public TokenWindows shortenedTo(int length) {
    if (length < 1 || length > length()) {
      throw new EspalierException(
          "Windows of "
              + length
              + " tokens were asked for but the ready windows hold "
              + length()
              + "; choose a window length up to that.");
    }
    return length == length()
        ? this
        : new TokenWindows(
            Arrays.stream(windows).map(ids -> Arrays.copyOf(ids, length)).toArray(int[][]::new));
  }

  /** SHA-256 over sizes and ids: equal exactly when all windows are equal. */
  public String hash() {
    return hash;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenWindows that && hash.equals(that.hash);
  }

  @Override
  public int hashCode() {
    return hash.hashCode();
  }

  @Override
  public String toString() {
    return count() + " windows of " + length() + " tokens";
  }
}
