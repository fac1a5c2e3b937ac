package org.espalier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.espalier.task.EspalierException;

/** The decoder families that can be opened. A new one is one more entry here. */
public final class Families {
  /** Prefix of {@code model_type} in checkpoints with per-block widths, before the family's. */
  public static final String PER_BLOCK_PREFIX = "espalier_";

  private static final List<Family> ALL =
      List.of(
          new Family(
              "llama",
              "LlamaForCausalLM",
              Family.AttentionBias.ALL_IF_CONFIGURED,
              true,
              true,
              Family.Window.NEVER,
              OptionalInt.empty()),
          new Family(
              "mistral",
              "MistralForCausalLM",
              Family.AttentionBias.NONE,
              false,
              false,
              Family.Window.EVERY_BLOCK,
              OptionalInt.of(4096)),
          new Family(
              "qwen2",
              "Qwen2ForCausalLM",
              Family.AttentionBias.QUERY_KEY_VALUE,
              false,
              false,
              Family.Window.BY_BLOCK,
              OptionalInt.of(4096)));

  private Families() {}

  /** All families. */
  public static List<Family> all() {
    return ALL;
  }

  /**
   * The family of a checkpoint by {@code model_type}.
   *
   * @param file config.json, named in errors
   * @param configuration what it holds
   * @throws EspalierException naming the unknown family and the known ones
   */
  public static Family of(Path file, JsonNode configuration) {
    String type = configuration.path("model_type").asText("");
    String name =
        type.startsWith(PER_BLOCK_PREFIX) ? type.substring(PER_BLOCK_PREFIX.length()) : type;
    return ALL.stream()
        .filter(family -> family.modelType().equals(name))
        .findFirst()
        .orElseThrow(() -> new EspalierException(unknown(file, type)));
  }

  private static String unknown(Path file, String type) {
    String known = ALL.stream().map(Family::modelType).collect(Collectors.joining(", "));
    return type.isEmpty()
        ? file + " names no model_type; open a checkpoint of one of the families " + known + "."
        : file + ": the model family '" + type + "' is not supported; supported are " + known + ".";
  }
}
