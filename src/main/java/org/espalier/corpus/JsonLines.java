package org.espalier.corpus;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.espalier.task.EspalierException;

/**
 * Files with one JSON object on each line, as data sets come; {@code .gz} is unpacked on the way.
 */
public final class JsonLines {
  /** More than any line of a public data set needs; guards against small archives of large text. */
  private static final long MOST_CHARACTERS = 1L << 30;

  private static final ObjectReader JSON =
      new ObjectMapper()
          .reader()
          .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .forType(JsonNode.class);

  private JsonLines() {}

  /**
   * A line of a file.
   *
   * @param number from 1, blank lines counted
   */
  public record Line(Path file, int number, JsonNode content) {
    /** A complaint about this line. */
    public EspalierException complaint(String what) {
      return new EspalierException(file + ", line " + number + ": " + what);
    }
  }

  /**
   * All lines that are not blank.
   *
   * @throws EspalierException naming file and line if the file cannot be read or a line is no JSON
   *     object
   */
  public static List<Line> read(Path file) {
    List<Line> lines = new ArrayList<>();
    long characters = 0;
    try (BufferedReader reader = open(file)) {
      int number = 0;
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        number++;
        characters += text.length();
        if (characters > MOST_CHARACTERS) {
          throw new EspalierException(
              file + " holds more text than is read from a data set; use a part of it.");
        }
        if (!text.isBlank()) {
          lines.add(line(file, number, text));
        }
      }
    } catch (CharacterCodingException e) {
      throw new EspalierException(file + " is not UTF-8 text; save it as UTF-8.", e);
    } catch (IOException e) {
      throw new EspalierException(file + " cannot be read (" + e.getMessage() + ").", e);
    }
    return lines;
  }

  private static BufferedReader open(Path file) throws IOException {
    if (!String.valueOf(file.getFileName()).endsWith(".gz")) {
      return Files.newBufferedReader(file);
    }
    InputStream packed = Files.newInputStream(file);
    try {
      return new BufferedReader(
          new InputStreamReader(new GZIPInputStream(packed), StandardCharsets.UTF_8.newDecoder()));
    } catch (IOException e) {
      packed.close();
      throw e;
    }
  }

  private static Line line(Path file, int number, String text) throws IOException {
    try {
      JsonNode content = JSON.readValue(text);
      if (content != null && content.isObject()) {
        return new Line(file, number, content);
      }
    } catch (JsonProcessingException e) {
      throw new EspalierException(
          file + ", line " + number + ": not valid JSON; each line must be one object.", e);
    }
    throw new EspalierException(
        file + ", line " + number + ": not a JSON object; each line must be one object.");
  }
}
