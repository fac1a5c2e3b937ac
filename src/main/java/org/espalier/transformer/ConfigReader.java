package org.espalier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.espalier.task.EspalierException;

/**
 * Reads config.json of a family, with the keys of Transformers 4 ({@code rope_theta}, {@code
 * rope_scaling}) and of Transformers 5 ({@code rope_parameters}), and {@code per_layer_config} for
 * widths that differ from block to block.
 */
final class ConfigReader {
  private static final double DEFAULT_THETA = 10000;
  private static final int LARGEST = 1 << 28;

  private final Path folder;
  private final JsonNode json;
  private final Family family;

  ConfigReader(Path folder, JsonNode json) {
    this.folder = folder;
    this.json = json;
    this.family = Families.of(folder.resolve("config.json"), json);
  }

  DecoderConfig read() {
    refuseWhatWouldComputeWrongly();
    int hiddenSize = integer("hidden_size");
    int heads = integer("num_attention_heads");
    int blocks = integer("num_hidden_layers");
    int headSize = optional("head_dim").orElse(hiddenSize / heads);
    if (headSize < 2 || headSize % 2 != 0) {
      throw wrong("head_dim", String.valueOf(headSize), "an even number");
    }
    return new DecoderConfig(
        family,
        hiddenSize,
        headSize,
        integer("vocab_size"),
        optional("max_position_embeddings").orElse(2048),
        decimal(json, "rms_norm_eps", 1e-6),
        json.path("tie_word_embeddings").asBoolean(false),
        rotary(),
        windows(blocks),
        shapes(blocks, heads),
        ids("bos_token_id").stream().mapToInt(Integer::intValue).findFirst(),
        ids("eos_token_id"));
  }

  /** Whether stock tensors of a slot are declared, beyond those that every block has. */
  boolean declaresBias(WeightSlot slot) {
    return switch (slot) {
      case QUERY_BIAS, KEY_BIAS, VALUE_BIAS ->
          family.attentionBias() == Family.AttentionBias.QUERY_KEY_VALUE || attentionBiasKey();
      case OUTPUT_BIAS -> attentionBiasKey();
      case GATE_BIAS, UP_BIAS, DOWN_BIAS ->
          family.feedForwardBiasKey() && json.path("mlp_bias").asBoolean(false);
      default -> false;
    };
  }

  private boolean attentionBiasKey() {
    return family.attentionBias() == Family.AttentionBias.ALL_IF_CONFIGURED
        && json.path("attention_bias").asBoolean(false);
  }

  private void refuseWhatWouldComputeWrongly() {
    String activation = json.path("hidden_act").asText("silu");
    if (!activation.equals("silu")) {
      throw wrong("hidden_act", activation, "silu");
    }
    if (json.hasNonNull("quantization_config")) {
      throw new EspalierException(
          folder
              + " holds quantised weights (quantization_config in config.json); open the original"
              + " F32, F16 or BF16 checkpoint.");
    }
  }

  private RotaryEmbedding rotary() {
    JsonNode scaling =
        json.hasNonNull("rope_parameters")
            ? json.get("rope_parameters")
            : json.path("rope_scaling");
    double theta = decimal(scaling, "rope_theta", decimal(json, "rope_theta", DEFAULT_THETA));
    double rotated =
        decimal(scaling, "partial_rotary_factor", decimal(json, "partial_rotary_factor", 1));
    if (rotated != 1) {
      throw wrong("partial_rotary_factor", String.valueOf(rotated), "1");
    }
    String type = scaling.path("rope_type").asText(scaling.path("type").asText("default"));
    return new RotaryEmbedding(
        theta,
        switch (type) {
          case "default" -> new RotaryEmbedding.Unscaled();
          case "linear" -> new RotaryEmbedding.Linear(positive(scaling, "factor"));
          case "llama3" ->
              new RotaryEmbedding.Llama3(
                  positive(scaling, "factor"),
                  positive(scaling, "low_freq_factor"),
                  positive(scaling, "high_freq_factor"),
                  (int) positive(scaling, "original_max_position_embeddings"));
          default -> throw wrong("rope_type", type, "default, linear or llama3");
        });
  }

  private List<Integer> windows(int blocks) {
    OptionalInt length =
        json.has("sliding_window") ? optional("sliding_window") : family.defaultWindow();
    boolean used =
        switch (family.window()) {
          case NEVER -> false;
          case EVERY_BLOCK -> true;
          case BY_BLOCK -> json.path("use_sliding_window").asBoolean(false);
        };
    List<Integer> windows = new ArrayList<>();
    for (int block = 0; block < blocks; block++) {
      windows.add(used && length.isPresent() && slides(block) ? length.getAsInt() : 0);
    }
    return windows;
  }

  private boolean slides(int block) {
    if (family.window() == Family.Window.EVERY_BLOCK) {
      return true;
    }
    JsonNode types = json.path("layer_types");
    if (types.isArray()) {
      return types.path(block).asText().equals("sliding_attention");
    }
    return block >= optional("max_window_layers").orElse(28);
  }

  private List<BlockShape> shapes(int blocks, int heads) {
    int groups = optional("num_key_value_heads").orElse(heads);
    int channels = integer("intermediate_size");
    Map<Integer, JsonNode> own = perBlock(blocks);
    List<BlockShape> shapes = new ArrayList<>();
    for (int block = 0; block < blocks; block++) {
      JsonNode widths = own.get(block);
      shapes.add(
          shape(
              block,
              width(block, widths, "num_attention_heads", heads),
              width(block, widths, "num_key_value_heads", groups),
              width(block, widths, "intermediate_size", channels)));
    }
    return shapes;
  }

  private BlockShape shape(int block, int heads, int groups, int channels) {
    if (heads == 0 || groups == 0) {
      return new BlockShape(0, 0, channels);
    }
    if (heads % groups != 0) {
      throw new EspalierException(
          folder
              + "/config.json gives block "
              + block
              + " "
              + heads
              + " attention heads on "
              + groups
              + " key-value heads; the first must be a multiple of the second.");
    }
    return new BlockShape(heads, groups, channels);
  }

  private Map<Integer, JsonNode> perBlock(int blocks) {
    Map<Integer, JsonNode> own = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : json.path("per_layer_config").properties()) {
      if (!entry.getKey().matches("\\d{1,6}") || Integer.parseInt(entry.getKey()) >= blocks) {
        throw wrong("per_layer_config", entry.getKey(), "block numbers from 0 to " + (blocks - 1));
      }
      own.put(Integer.parseInt(entry.getKey()), entry.getValue());
    }
    return own;
  }

  private int width(int block, JsonNode widths, String key, int otherwise) {
    if (widths == null || !widths.hasNonNull(key)) {
      return otherwise;
    }
    JsonNode value = widths.get(key);
    if (!value.isIntegralNumber() || value.asLong() < 0 || value.asLong() > LARGEST) {
      throw wrong(
          "per_layer_config of block " + block + ", " + key, value.asText(), "a whole number");
    }
    return value.asInt();
  }

  private int integer(String key) {
    return optional(key)
        .orElseThrow(
            () ->
                new EspalierException(
                    folder
                        + "/config.json has no "
                        + key
                        + "; copy the file again from the model's origin."));
  }

  private OptionalInt optional(String key) {
    if (!json.hasNonNull(key)) {
      return OptionalInt.empty();
    }
    JsonNode value = json.get(key);
    if (!value.isIntegralNumber() || value.asLong() < 1 || value.asLong() > LARGEST) {
      throw wrong(key, value.isValueNode() ? value.asText() : "a list", "one positive number");
    }
    return OptionalInt.of(value.asInt());
  }

  private double decimal(JsonNode node, String key, double otherwise) {
    if (!node.hasNonNull(key)) {
      return otherwise;
    }
    return positive(node, key);
  }

  private double positive(JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isNumber() || !(value.asDouble() > 0) || Double.isInfinite(value.asDouble())) {
      throw wrong(key, value.isMissingNode() ? "missing" : value.asText(), "a positive number");
    }
    return value.asDouble();
  }

  private List<Integer> ids(String key) {
    JsonNode value = json.path(key);
    List<Integer> ids = new ArrayList<>();
    if (value.isIntegralNumber()) {
      ids.add(value.asInt());
    }
    for (JsonNode id : value) {
      ids.add(id.asInt());
    }
    return ids;
  }

  private EspalierException wrong(String key, String value, String wanted) {
    return new EspalierException(
        folder
            + "/config.json: "
            + key
            + " is "
            + value
            + ", but "
            + wanted
            + " is needed; this kind of model is not supported or the file is damaged.");
  }
}
