package org.espalier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.espalier.checkpoint.CheckpointException;
import org.espalier.task.EspalierException;

/**
 * Reads config.json of a family, with the keys of Transformers 4 ({@code rope_theta}, {@code
 * rope_scaling}) and of Transformers 5 ({@code rope_parameters}), and {@code per_layer_config} for
 * widths that differ from block to block.
 */
final class ConfigReader {
  private static final int DEFAULT_POSITIONS = 2048;
  private static final int DEFAULT_QUERY_SCALAR = 256;
  private static final int LARGEST = 1 << 28;
  private static final int MOST_BLOCKS = 1 << 16;

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
    if (blocks > MOST_BLOCKS) {
      throw wrong("num_hidden_layers", String.valueOf(blocks), "at most " + MOST_BLOCKS);
    }
    int headSize =
        optional("head_dim").orElse(family.defaults().headSize().orElse(hiddenSize / heads));
    if (headSize < 2 || headSize % 2 != 0) {
      throw wrong("head_dim", String.valueOf(headSize), "an even number");
    }
    return new DecoderConfig(
        family,
        hiddenSize,
        headSize,
        integer("vocab_size"),
        optional("max_position_embeddings").orElse(DEFAULT_POSITIONS),
        arithmetic(hiddenSize, headSize),
        json.path("tie_word_embeddings").asBoolean(family.defaults().tiedEmbeddings()),
        rotary(headSize),
        windowRotary(),
        windows(blocks),
        shapes(blocks, heads),
        BlockNumbers.read(folder, json, blocks),
        ids("bos_token_id").stream().mapToInt(Integer::intValue).findFirst(),
        ids("eos_token_id"));
  }

  /** How the checkpoint names its tensors: blocks of different widths are stored in parts. */
  TensorNames names() {
    return json.path("model_type").asText().startsWith(Families.PER_BLOCK_PREFIX)
        ? family.names().unfused()
        : family.names();
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
    String activation = family.form().activation().key();
    for (String key : List.of("hidden_act", "hidden_activation")) {
      String given = json.path(key).asText("null");
      if (!given.equals("null") && !given.equals(activation)) {
        throw wrong(key, given, activation);
      }
    }
    if (json.path("use_bidirectional_attention").asBoolean(false)) {
      throw wrong("use_bidirectional_attention", "true", "false");
    }
    if (json.hasNonNull("quantization_config")) {
      throw new EspalierException(
          folder
              + " holds quantised weights (quantization_config in config.json); open the original"
              + " F32, F16 or BF16 checkpoint.");
    }
  }

  private Arithmetic arithmetic(int hiddenSize, int headSize) {
    DecoderForm form = family.form();
    double scalar =
        form.ownQueryScale()
            ? decimal(json, "query_pre_attn_scalar", DEFAULT_QUERY_SCALAR)
            : headSize;
    return new Arithmetic(
        decimal(json, "rms_norm_eps", 1e-6),
        form.normsAroundOne() ? 1 : 0,
        form.scaledEmbedding() ? Math.sqrt(hiddenSize) : 1,
        form.activation(),
        1 / Math.sqrt(scalar),
        cap("attn_logit_softcapping", family.defaults().attentionCap()),
        cap("final_logit_softcapping", family.defaults().logitCap()));
  }

  private double cap(String key, double otherwise) {
    if (!family.form().softCaps() || json.path(key).isNull()) {
      return 0;
    }
    return decimal(json, key, otherwise);
  }

  /**
   * The keys of Transformers 5, or those of 4; one set for each kind of block where they differ.
   */
  private JsonNode rotaryParameters() {
    if (!json.hasNonNull("rope_parameters")) {
      return json.path("rope_scaling");
    }
    JsonNode parameters = json.get("rope_parameters");
    return parameters.path("full_attention").isObject()
        ? parameters.get("full_attention")
        : parameters;
  }

  private Optional<RotaryEmbedding> windowRotary() {
    if (!family.form().ownWindowAngles()) {
      return Optional.empty();
    }
    JsonNode own = json.path("rope_parameters").path("sliding_attention");
    String type = own.path("rope_type").asText("default");
    if (!type.equals("default")) {
      throw wrong("rope_type of sliding_attention", type, "default");
    }
    double theta = decimal(own, "rope_theta", decimal(json, "rope_local_base_freq", 10000));
    return Optional.of(new RotaryEmbedding(theta, new RotaryEmbedding.Unscaled()));
  }

  private RotaryEmbedding rotary(int headSize) {
    JsonNode scaling = rotaryParameters();
    double theta =
        decimal(scaling, "rope_theta", decimal(json, "rope_theta", family.defaults().theta()));
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
          // Phi-3 called its own scaling su and yarn before it was named longrope.
          case "yarn" -> scaling.has("short_factor") ? longRope(scaling, headSize) : yarn(scaling);
          case "longrope", "su" -> longRope(scaling, headSize);
          default -> throw wrong("rope_type", type, "default, linear, llama3, yarn or longrope");
        });
  }

  private RotaryEmbedding.Scaling yarn(JsonNode scaling) {
    int original = originalPositions(scaling);
    double factor = stretch(scaling, original);
    double amplitude = RotaryEmbedding.Yarn.recommendedAmplitude(factor);
    if (scaling.path("mscale").asDouble(0) != 0
        && scaling.path("mscale_all_dim").asDouble(0) != 0) {
      amplitude =
          amplitude(factor, positive(scaling, "mscale"))
              / amplitude(factor, positive(scaling, "mscale_all_dim"));
    }
    return new RotaryEmbedding.Yarn(
        factor,
        decimal(scaling, "attention_factor", amplitude),
        decimal(scaling, "beta_fast", 32),
        decimal(scaling, "beta_slow", 1),
        scaling.path("truncate").asBoolean(true),
        original);
  }

  private static double amplitude(double factor, double weight) {
    return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
  }

  private RotaryEmbedding.Scaling longRope(JsonNode scaling, int headSize) {
    int original = originalPositions(scaling);
    return new RotaryEmbedding.LongRope(
        factors(scaling, "short_factor", headSize),
        factors(scaling, "long_factor", headSize),
        decimal(
            scaling,
            "attention_factor",
            RotaryEmbedding.LongRope.recommendedAmplitude(stretch(scaling, original), original)),
        original);
  }

  private int originalPositions(JsonNode scaling) {
    String key = "original_max_position_embeddings";
    double positions =
        decimal(
            scaling,
            key,
            decimal(json, key, optional("max_position_embeddings").orElse(DEFAULT_POSITIONS)));
    if (positions < 2 || positions > LARGEST) {
      throw wrong(key, String.valueOf(positions), "a number of positions above 1");
    }
    return (int) positions;
  }

  private double stretch(JsonNode scaling, int originalPositions) {
    double positions = optional("max_position_embeddings").orElse(DEFAULT_POSITIONS);
    return decimal(scaling, "factor", positions / originalPositions);
  }

  private List<Double> factors(JsonNode scaling, String key, int headSize) {
    JsonNode values = scaling.path(key);
    List<Double> factors = new ArrayList<>();
    for (JsonNode value : values) {
      if (!value.isNumber() || !(value.asDouble() > 0) || Double.isInfinite(value.asDouble())) {
        throw wrong(key, value.asText(), "a list of positive numbers");
      }
      factors.add(value.asDouble());
    }
    if (factors.size() != headSize / 2) {
      throw wrong(key, factors.size() + " numbers", "one for each of " + headSize / 2);
    }
    return factors;
  }

  private List<Integer> windows(int blocks) {
    if (json.path("windows").isArray()) {
      return listedWindows(blocks);
    }
    OptionalInt length =
        json.has("sliding_window") ? optional("sliding_window") : family.defaults().window();
    boolean used =
        switch (family.window()) {
          case NEVER -> false;
          case EVERY_BLOCK, EXCEPT_EVERY_NTH -> true;
          case BY_BLOCK -> json.path("use_sliding_window").asBoolean(false);
        };
    List<Integer> windows = new ArrayList<>();
    for (int block = 0; block < blocks; block++) {
      windows.add(used && length.isPresent() && slides(block) ? length.getAsInt() : 0);
    }
    return windows;
  }

  /** One length for each block, as checkpoints with per-block widths have them. */
  private List<Integer> listedWindows(int blocks) {
    List<Integer> windows = new ArrayList<>();
    for (JsonNode length : json.get("windows")) {
      if (!length.isIntegralNumber() || length.asLong() < 0 || length.asLong() > LARGEST) {
        throw wrong("windows", length.asText(), "whole numbers");
      }
      windows.add(length.asInt());
    }
    if (windows.size() != blocks) {
      throw wrong("windows", windows.size() + " numbers", "one for each of " + blocks + " blocks");
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
    if (family.window() == Family.Window.EXCEPT_EVERY_NTH) {
      int every = optional("sliding_window_pattern").orElse(family.defaults().fullEvery());
      return (block + 1) % every != 0;
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
    return new CheckpointException(
        folder.resolve("config.json"),
        key
            + " is "
            + value
            + ", but "
            + wanted
            + " is needed; this kind of model is not supported or the file is damaged.");
  }
}
