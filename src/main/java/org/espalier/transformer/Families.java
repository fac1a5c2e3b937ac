package org.espalier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.espalier.checkpoint.CheckpointException;

/** The decoder families that can be opened. A new one is one more entry here. */
public final class Families {
  /** Prefix of {@code model_type} in checkpoints with per-block widths, before the family's. */
  public static final String PER_BLOCK_PREFIX = "espalier_";

  private static final TensorNames FUSED =
      TensorNames.LLAMA
          .withFused("self_attn.qkv_proj", WeightSlot.QUERY, WeightSlot.KEY, WeightSlot.VALUE)
          .withFused("mlp.gate_up_proj", WeightSlot.GATE, WeightSlot.UP);

  private static final TensorNames GEMMA =
      TensorNames.LLAMA
          .with(WeightSlot.ATTENTION_POST_NORM, "post_attention_layernorm")
          .with(WeightSlot.FEED_FORWARD_NORM, "pre_feedforward_layernorm")
          .with(WeightSlot.FEED_FORWARD_POST_NORM, "post_feedforward_layernorm");

  private static final List<Family> ALL =
      List.of(
          new Family(
              "llama",
              "LlamaForCausalLM",
              DecoderForm.PLAIN,
              TensorNames.LLAMA,
              Family.AttentionBias.ALL_IF_CONFIGURED,
              true,
              true,
              false,
              Family.Window.NEVER,
              Family.Defaults.PLAIN),
          new Family(
              "mistral",
              "MistralForCausalLM",
              DecoderForm.PLAIN,
              TensorNames.LLAMA,
              Family.AttentionBias.NONE,
              false,
              false,
              false,
              Family.Window.EVERY_BLOCK,
              Family.Defaults.window(4096)),
          new Family(
              "qwen2",
              "Qwen2ForCausalLM",
              DecoderForm.PLAIN,
              TensorNames.LLAMA,
              Family.AttentionBias.QUERY_KEY_VALUE,
              false,
              false,
              false,
              Family.Window.BY_BLOCK,
              Family.Defaults.window(4096)),
          new Family(
              "qwen3",
              "Qwen3ForCausalLM",
              DecoderForm.WITH_HEAD_NORMS,
              TensorNames.LLAMA,
              Family.AttentionBias.ALL_IF_CONFIGURED,
              false,
              false,
              false,
              Family.Window.BY_BLOCK,
              new Family.Defaults(
                  OptionalInt.of(4096), 0, false, 10000, OptionalInt.of(128), 0, 0)),
          new Family(
              "phi3",
              "Phi3ForCausalLM",
              DecoderForm.PLAIN,
              FUSED,
              Family.AttentionBias.NONE,
              false,
              false,
              true,
              Family.Window.EVERY_BLOCK,
              Family.Defaults.PLAIN),
          new Family(
              "gemma2",
              "Gemma2ForCausalLM",
              DecoderForm.GEMMA2,
              GEMMA,
              Family.AttentionBias.ALL_IF_CONFIGURED,
              false,
              true,
              false,
              Family.Window.EXCEPT_EVERY_NTH,
              new Family.Defaults(
                  OptionalInt.of(4096), 2, true, 10000, OptionalInt.of(256), 50, 30)),
          new Family(
              "gemma3_text",
              "Gemma3ForCausalLM",
              DecoderForm.GEMMA3,
              GEMMA,
              Family.AttentionBias.ALL_IF_CONFIGURED,
              false,
              true,
              false,
              Family.Window.EXCEPT_EVERY_NTH,
              new Family.Defaults(
                  OptionalInt.of(4096), 6, true, 1000000, OptionalInt.of(256), 0, 0)));

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
        .orElseThrow(() -> new CheckpointException(file, unknown(type)));
  }

  private static String unknown(String type) {
    String known = ALL.stream().map(Family::modelType).collect(Collectors.joining(", "));
    return type.isEmpty()
        ? "names no model_type; open a checkpoint of one of the families " + known + "."
        : "the model family '" + type + "' is not supported; supported are " + known + ".";
  }
}
