package org.espalier.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.espalier.task.EspalierException;

/** Writes machine-readable results. */
final class JsonOutput {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private JsonOutput() {}

  static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("results are plain values", e);
    }
  }

  /**
   * Finds out before long work that its result would have no place.
   *
   * @throws EspalierException if the file cannot be made there
   */
  static void requireWritable(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new EspalierException(
          "Cannot write " + file + ": there is no folder " + parent + "; choose another place");
    }
    if (Files.isDirectory(file)) {
      throw new EspalierException("Cannot write " + file + ": it is a folder; name a file in it");
    }
    if (!Files.isWritable(parent)) {
      throw new EspalierException(
          "Cannot write " + file + ": nothing may be written in " + parent + "; choose another");
    }
  }

  /** Writes a file; it appears complete or not at all. */
  static void write(Path file, Object value) {
    Path absolute = file.toAbsolutePath();
    Path beside = absolute.resolveSibling("." + absolute.getFileName() + ".new");
    try {
      Files.writeString(beside, text(value) + "\n", StandardCharsets.UTF_8);
      Files.move(beside, absolute, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new EspalierException(
          "Cannot write " + file + " (" + e.getMessage() + "); choose another place", e);
    }
  }
}
