package org.espalier.corpus;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.espalier.task.EspalierException;

/**
 * Instructions with responses, in the JSON format of the Alpaca data set: objects with {@code
 * instruction}, {@code output} and perhaps {@code input}, in one list or one after the other.
 *
 * @param source name of the file
 */
public record Instructions(String source, List<Instruction> list) {
  private static final long LARGEST_BYTES = 1L << 30;

  public Instructions {
    list = List.copyOf(list);
  }

  /**
   * One instruction.
   *
   * @param input further context; may be empty
   */
  public record Instruction(String instruction, String input, String output) {
    /** Everything before the response, worded as the Alpaca models learned it. */
    public String prompt() {
      if (input.isEmpty()) {
        return "Below is an instruction that describes a task. Write a response that appropriately"
            + " completes the request.\n\n### Instruction:\n"
            + instruction
            + "\n\n### Response:\n";
      }
      return "Below is an instruction that describes a task, paired with an input that provides"
          + " further context. Write a response that appropriately completes the request.\n\n###"
          + " Instruction:\n"
          + instruction
          + "\n\n### Input:\n"
          + input
          + "\n\n### Response:\n";
    }
  }

  /**
   * Reads a file.
   *
   * @throws EspalierException naming the file, the element and what is wrong with it
   */
  public static Instructions read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new EspalierException("There is no file of instructions " + file + "; check its path.");
    }
    List<Instruction> list = new ArrayList<>();
    try {
      if (Files.size(file) > LARGEST_BYTES) {
        throw new EspalierException(
            file + " has more than the 1024 MB that instructions are read from; use a part of it.");
      }
      try (MappingIterator<JsonNode> elements =
          new ObjectMapper()
              .readerFor(JsonNode.class)
              .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
              .readValues(file.toFile())) {
        while (elements.hasNextValue()) {
          JsonNode element = elements.nextValue();
          list.add(
              new Instruction(
                  text(file, list.size(), element, "instruction"),
                  element.path("input").asText(""),
                  text(file, list.size(), element, "output")));
        }
      }
    } catch (IOException e) {
      throw new EspalierException(
          file
              + " cannot be read as instructions behind element "
              + (list.size() - 1)
              + "; it must hold JSON objects with instruction, input and output.",
          e);
    }
    if (list.isEmpty()) {
      throw new EspalierException(file + " holds no instruction; choose another file.");
    }
    return new Instructions(String.valueOf(file.getFileName()), list);
  }

  private static String text(Path file, int number, JsonNode element, String field) {
    JsonNode value = element.path(field);
    if (!value.isTextual()) {
      throw new EspalierException(
          file
              + ", element "
              + number
              + ": there is no text field \""
              + field
              + "\"; instructions are JSON objects with instruction, input and output.");
    }
    return value.textValue();
  }
}
