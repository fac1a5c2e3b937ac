package org.espalier.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.espalier.task.EspalierException;

/** The workspace's JSON: read strictly, replaced in one step. */
final class JsonFile {
  static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private static final long LARGEST = 64L << 20;

  private JsonFile() {}

  /**
   * @throws EspalierException naming the file if it is missing, damaged or not of this shape
   */
  static <T> T read(Path file, Class<T> type) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new EspalierException(
            file + " is damaged: larger than " + (LARGEST >> 20) + " MiB; remove its folder");
      }
      T value = MAPPER.readValue(Files.readAllBytes(file), type);
      if (value == null) {
        throw new EspalierException(file + " is damaged: it holds nothing");
      }
      return value;
    } catch (NoSuchFileException e) {
      throw new EspalierException(file + " is missing", e);
    } catch (JsonProcessingException e) {
      throw new EspalierException(
          file + " is damaged: " + e.getOriginalMessage().lines().findFirst().orElse(""), e);
    } catch (IOException e) {
      throw new EspalierException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * What a file's content says.
   *
   * @throws EspalierException naming the file if it is not of this shape
   */
  static <T> T value(Path file, JsonNode content, Class<T> type) {
    try {
      return MAPPER.treeToValue(content, type);
    } catch (JsonProcessingException e) {
      throw new EspalierException(
          file + " is damaged: " + e.getOriginalMessage().lines().findFirst().orElse(""), e);
    }
  }

  /**
   * What a part of a file says.
   *
   * @throws IllegalArgumentException if it is not of this shape
   */
  static <T> T value(JsonNode content, Class<T> type) {
    return MAPPER.convertValue(content, type);
  }

  static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** As {@link #write}, without the spaces that only people want. */
  static void writeCompact(Path file, Object value) {
    write(file, value, MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT));
  }

  /** Readers see the old content or the new, whole and durable, whatever happens in between. */
  static void write(Path file, Object value) {
    write(file, value, MAPPER.writer());
  }

  private static void write(Path file, Object value, ObjectWriter writer) {
    try {
      WholeFile.write(file, writer.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new EspalierException("Cannot write " + file + ": " + e.getOriginalMessage(), e);
    }
  }
}
