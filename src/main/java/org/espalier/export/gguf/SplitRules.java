package org.espalier.export.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * Rules by which byte-level tokenizers split a text into words before they merge, as far as
 * llama.cpp has a name for them.
 */
final class SplitRules {
  private static final String WORDS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";
  private static final String REST =
      "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private SplitRules() {}

  /**
   * The name, as in {@code tokenizer.ggml.pre}, of the rule that a tokenizer follows.
   *
   * @param steps of {@code pre_tokenizer} in tokenizer.json
   */
  static Optional<String> nameOf(List<JsonNode> steps) {
    if (steps.isEmpty()) {
      return Optional.empty();
    }
    JsonNode last = steps.get(steps.size() - 1);
    if (!isType(last, "ByteLevel") || last.path("add_prefix_space").asBoolean(true)) {
      return Optional.empty();
    }
    boolean splitsItself = last.path("use_regex").asBoolean(true);
    if (steps.size() == 1 && splitsItself) {
      return Optional.of("gpt-2");
    }
    if (steps.size() != 2) {
      return Optional.empty();
    }
    JsonNode first = steps.get(0);
    if (splitsItself) {
      return isType(first, "Digits") && first.path("individual_digits").asBoolean(false)
          ? Optional.of("smollm")
          : Optional.empty();
    }
    if (!isType(first, "Split") || !first.path("behavior").asText().equals("Isolated")) {
      return Optional.empty();
    }
    String pattern = first.at("/pattern/Regex").asText();
    if (pattern.equals(WORDS + "\\p{N}{1,3}" + REST)) {
      return Optional.of("llama-bpe");
    }
    return pattern.equals(WORDS + "\\p{N}" + REST) ? Optional.of("qwen2") : Optional.empty();
  }

  private static boolean isType(JsonNode step, String type) {
    return step.path("type").asText().equals(type);
  }
}
