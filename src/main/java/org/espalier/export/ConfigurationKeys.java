package org.espalier.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.espalier.checkpoint.DType;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.DecoderForm;
import org.espalier.transformer.RotaryEmbedding;

/** Writes a decoder's configuration with the keys of config.json. */
final class ConfigurationKeys {
  /** Keys that mean the same in every family and are taken over as they are. */
  private static final List<String> NEUTRAL =
      List.of(
          "bos_token_id",
          "eos_token_id",
          "pad_token_id",
          "initializer_range",
          "attention_dropout",
          "use_cache");

  /** Keys of forms that have them; absent ones have the same default in the class. */
  private static final List<String> SCALARS =
      List.of("query_pre_attn_scalar", "attn_logit_softcapping", "final_logit_softcapping");

  private static final String ORIGINAL_POSITIONS = "original_max_position_embeddings";

  private ConfigurationKeys() {}

  /** A configuration from scratch, without widths of blocks and without windows. */
  static ObjectNode fresh(DecoderConfig config, JsonNode source) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    // Classes have different defaults for these, so an absent id must be written as null.
    NEUTRAL.subList(0, 3).forEach(json::putNull);
    for (String key : NEUTRAL) {
      if (source.hasNonNull(key)) {
        json.set(key, source.get(key));
      }
    }
    DecoderForm form = config.family().form();
    if (form.ownQueryScale() || form.softCaps()) {
      SCALARS.stream().filter(source::has).forEach(key -> json.set(key, source.get(key)));
    }
    if (form.activation() != DecoderForm.Activation.SILU) {
      json.put("hidden_activation", form.activation().key());
    }
    json.put("hidden_act", form.activation().key())
        .put("hidden_size", config.hiddenSize())
        .put("vocab_size", config.vocabularySize())
        .put("max_position_embeddings", config.maximumPositions())
        .put("rms_norm_eps", config.normEpsilon())
        .put("tie_word_embeddings", config.tiedEmbeddings());
    putRotary(json, config);
    return json;
  }

  /**
   * Rotary parameters with the keys of Transformers 4 and those of 5: each version ignores the keys
   * of the other without a word, and would then compute with default angles.
   */
  static void putRotary(ObjectNode json, DecoderConfig config) {
    RotaryEmbedding rotary = config.rotary();
    ObjectNode scaling = scaling(rotary.scaling());
    json.put("rope_theta", rotary.theta());
    json.set(
        "rope_scaling",
        scaling.isEmpty() ? JsonNodeFactory.instance.nullNode() : olderScaling(scaling, config));
    ObjectNode parameters = json.putObject("rope_parameters");
    parameters.put("rope_type", "default").setAll(scaling);
    parameters.put("rope_theta", rotary.theta());
    if (rotary.scaling() instanceof RotaryEmbedding.LongRope longRope) {
      json.put(ORIGINAL_POSITIONS, longRope.originalPositions());
    }
    config.windowRotary().ifPresent(own -> json.put("rope_local_base_freq", own.theta()));
  }

  private static ObjectNode scaling(RotaryEmbedding.Scaling rotary) {
    ObjectNode scaling = JsonNodeFactory.instance.objectNode();
    if (rotary instanceof RotaryEmbedding.Linear linear) {
      scaling.put("rope_type", "linear").put("factor", linear.factor());
    } else if (rotary instanceof RotaryEmbedding.Llama3 llama3) {
      scaling
          .put("rope_type", "llama3")
          .put("factor", llama3.factor())
          .put("low_freq_factor", llama3.lowFrequencyFactor())
          .put("high_freq_factor", llama3.highFrequencyFactor())
          .put(ORIGINAL_POSITIONS, llama3.originalPositions());
    } else if (rotary instanceof RotaryEmbedding.Yarn yarn) {
      scaling
          .put("rope_type", "yarn")
          .put("factor", yarn.factor())
          .put("attention_factor", yarn.amplitude())
          .put("beta_fast", yarn.fastTurns())
          .put("beta_slow", yarn.slowTurns())
          .put("truncate", yarn.wholeBounds())
          .put(ORIGINAL_POSITIONS, yarn.originalPositions());
    } else if (rotary instanceof RotaryEmbedding.LongRope longRope) {
      scaling.put("rope_type", "longrope");
      longRope.shortFactors().forEach(scaling.putArray("short_factor")::add);
      longRope.longFactors().forEach(scaling.putArray("long_factor")::add);
      scaling
          .put("attention_factor", longRope.amplitude())
          .put(ORIGINAL_POSITIONS, longRope.originalPositions());
    }
    return scaling;
  }

  /** LongRoPE as Phi-3 had it in Transformers 4, which refuses any key beside these three. */
  private static ObjectNode olderScaling(ObjectNode scaling, DecoderConfig config) {
    if (!(config.rotary().scaling() instanceof RotaryEmbedding.LongRope longRope)) {
      return scaling;
    }
    ObjectNode older = scaling.deepCopy();
    older.remove(List.of("rope_type", ORIGINAL_POSITIONS));
    older.put("type", "longrope");
    double usual =
        RotaryEmbedding.LongRope.recommendedAmplitude(
            (double) config.maximumPositions() / longRope.originalPositions(),
            longRope.originalPositions());
    if (Math.abs(longRope.amplitude() - usual) < 1e-9) {
      older.remove("attention_factor");
    }
    return older;
  }

  /** Widths that hold for every block. */
  static void putWidths(ObjectNode json, BlockShape shape, int headSize) {
    putWidths(json, shape);
    json.put("head_dim", headSize);
  }

  /** Widths of one block. */
  static void putWidths(ObjectNode json, BlockShape shape) {
    json.put("num_attention_heads", shape.queryHeads())
        .put("num_key_value_heads", shape.headGroups())
        .put("intermediate_size", shape.channels());
  }

  /** The element type of the weights, with the keys of Transformers 5 and 4. */
  static void putDType(ObjectNode json, DType dtype) {
    String name =
        switch (dtype) {
          case F32 -> "float32";
          case F16 -> "float16";
          case BF16 -> "bfloat16";
          default -> throw new IllegalArgumentException("weights are not written as " + dtype);
        };
    json.put("dtype", name).put("torch_dtype", name);
  }
}
