package org.espalier.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON of untrusted files: valid UTF-8, no duplicate keys, bounded nesting, numbers and size. */
public final class StrictJson {
  /** More than any honest config.json or index needs. */
  private static final long LARGEST_DOCUMENT = 64L << 20;

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(64)
                  .maxNumberLength(100)
                  .maxNameLength(4096)
                  .maxStringLength(20_000_000)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // Source excerpts in messages may hold anything; the location is enough.
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  private static final JsonMapper MAPPER =
      JsonMapper.builder(FACTORY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private StrictJson() {}

  /** Reads a document whose outermost value is an object. */
  public static ObjectNode readObject(Path file) {
    byte[] bytes = readBytes(file);
    requireUtf8(file, bytes);
    JsonNode node;
    try {
      node = MAPPER.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(file, "is not valid JSON: " + reason(e), e);
    } catch (IOException e) {
      throw new CheckpointException(file, "cannot be read: " + e.getMessage(), e);
    }
    if (!(node instanceof ObjectNode object)) {
      throw new CheckpointException(file, "must hold a JSON object ({...})");
    }
    return object;
  }

  /**
   * Reads a document from memory whose outermost value is an object.
   *
   * @throws IOException if it is not valid JSON or no object
   */
  public static ObjectNode parseObject(byte[] bytes) throws IOException {
    if (MAPPER.readTree(bytes) instanceof ObjectNode object) {
      return object;
    }
    throw new IOException("the answer is not a JSON object");
  }

  /** What is wrong and where, in one line. */
  static String reason(JsonProcessingException e) {
    String what = e.getOriginalMessage().lines().findFirst().orElse("unreadable");
    return e.getLocation() == null
        ? what
        : what
            + ", line "
            + e.getLocation().getLineNr()
            + ", column "
            + e.getLocation().getColumnNr();
  }

  static void requireUtf8(Path file, byte[] bytes) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer input = ByteBuffer.wrap(bytes);
    CharBuffer output = CharBuffer.allocate(8192);
    CoderResult result;
    do {
      output.clear();
      result = decoder.decode(input, output, true);
    } while (result.isOverflow());
    if (result.isError()) {
      throw new CheckpointException(
          file, "is not valid UTF-8 text (byte " + input.position() + " of its JSON)");
    }
  }

  private static byte[] readBytes(Path file) {
    try {
      long size = Files.size(file);
      if (size > LARGEST_DOCUMENT) {
        throw new CheckpointException(
            file, "has " + size + " bytes; at most " + LARGEST_DOCUMENT + " are accepted");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new CheckpointException(file, "cannot be read: " + e.getMessage(), e);
    }
  }
}
