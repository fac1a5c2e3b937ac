package org.espalier.evaluation.tasks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.task.EspalierException;

/**
 * Written code in the layout that HumanEval's official, sandboxed checker reads: JSONL with {@code
 * task_id} and {@code completion}. Nothing is run here.
 */
final class CompletionsFile {
  private CompletionsFile() {}

  /**
   * Writes the file; it appears complete or not at all.
   *
   * @param completions text by id of the problem
   * @throws EspalierException if it cannot be written
   */
  static void write(Path file, Map<String, String> completions) {
    ObjectMapper json = new ObjectMapper();
    Path absolute = file.toAbsolutePath();
    Path beside = absolute.resolveSibling("." + absolute.getFileName() + ".new");
    try {
      StringBuilder lines = new StringBuilder();
      for (Map.Entry<String, String> entry : completions.entrySet()) {
        Map<String, String> line = new LinkedHashMap<>();
        line.put("task_id", entry.getKey());
        line.put("completion", entry.getValue());
        lines.append(json.writeValueAsString(line)).append('\n');
      }
      Files.createDirectories(absolute.getParent());
      Files.writeString(beside, lines, StandardCharsets.UTF_8);
      Files.move(beside, absolute, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new EspalierException(
          "The completions cannot be written to "
              + file
              + " ("
              + e.getMessage()
              + "); choose another place.",
          e);
    }
  }
}
