package org.espalier.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.espalier.export.gguf.GgufMetadata;
import org.espalier.export.gguf.GgufTensor;
import org.espalier.export.gguf.GgufType;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.DecoderForm;
import org.espalier.transformer.RotaryEmbedding;
import org.espalier.transformer.WeightSlot;

/**
 * What a GGUF file is to hold. Equal widths make an architecture {@code llama}, which every program
 * around llama.cpp reads; others make a {@code deci}, whose blocks may all differ.
 *
 * <p>What these architectures cannot leave out stays as zeros that compute nothing: a removed
 * feed-forward sub-layer as {@value #ZERO_CHANNELS} channels, and removed attention as one head
 * where it is the first block's or has left a bias.
 *
 * @param blocks in the order in which they are numbered in the file
 * @param tensors of the file, in its order
 */
record GgufLayout(
    String architecture,
    List<FolderLayout.Block> blocks,
    GgufMetadata metadata,
    List<GgufTensor> tensors) {
  static final String EMBEDDING = "token_embd.weight";
  static final String FINAL_NORM = "output_norm.weight";
  static final String HEAD = "output.weight";
  static final String ROTARY_FACTORS = "rope_freqs.weight";
  static final int ZERO_CHANNELS = 32;

  private static final int MOST_BLOCKS = 512;

  private static final Map<WeightSlot, String> NAMES = new EnumMap<>(WeightSlot.class);

  static {
    NAMES.put(WeightSlot.ATTENTION_NORM, "attn_norm.weight");
    NAMES.put(WeightSlot.QUERY, "attn_q.weight");
    NAMES.put(WeightSlot.KEY, "attn_k.weight");
    NAMES.put(WeightSlot.VALUE, "attn_v.weight");
    NAMES.put(WeightSlot.OUTPUT, "attn_output.weight");
    NAMES.put(WeightSlot.QUERY_BIAS, "attn_q.bias");
    NAMES.put(WeightSlot.KEY_BIAS, "attn_k.bias");
    NAMES.put(WeightSlot.VALUE_BIAS, "attn_v.bias");
    NAMES.put(WeightSlot.OUTPUT_BIAS, "attn_output.bias");
    NAMES.put(WeightSlot.FEED_FORWARD_NORM, "ffn_norm.weight");
    NAMES.put(WeightSlot.GATE, "ffn_gate.weight");
    NAMES.put(WeightSlot.UP, "ffn_up.weight");
    NAMES.put(WeightSlot.DOWN, "ffn_down.weight");
    NAMES.put(WeightSlot.GATE_BIAS, "ffn_gate.bias");
    NAMES.put(WeightSlot.UP_BIAS, "ffn_up.bias");
    NAMES.put(WeightSlot.DOWN_BIAS, "ffn_down.bias");
  }

  /** The slots whose rows are rotated, so that their order differs. */
  static final Set<WeightSlot> ROTATED =
      EnumSet.of(WeightSlot.QUERY, WeightSlot.KEY, WeightSlot.QUERY_BIAS, WeightSlot.KEY_BIAS);

  /** Name of a tensor in the file. */
  static String name(WeightSlot slot, int number) {
    return "blk." + number + "." + NAMES.get(slot);
  }

  /** Why GGUF cannot hold a model, and what to do; empty if it can. */
  static Optional<String> refusal(ModelOutline model) {
    if (model.blocks().stream().allMatch(ModelOutline.Block::isEmpty)) {
      return Optional.of("The model has no block left; prune less.");
    }
    if (!model.config().family().form().equals(DecoderForm.PLAIN)) {
      return Optional.of(
          "The architectures llama and deci of llama.cpp compute otherwise than a "
              + model.config().family().modelType()
              + " model; choose the target "
              + PerLayerTarget.NAME
              + ", or "
              + StockTarget.NAME
              + " for equal widths.");
    }
    if (model.blocks().size() > MOST_BLOCKS) {
      return Optional.of("llama.cpp holds at most " + MOST_BLOCKS + " blocks.");
    }
    return Optional.empty();
  }

  /** The layout of a model that is not refused, without its tokenizer. */
  static GgufLayout of(ModelOutline model, WeightFormat format, String name) {
    List<FolderLayout.Block> blocks = blocks(model);
    boolean equal = blocks.stream().map(FolderLayout.Block::shape).distinct().count() == 1;
    boolean attentionEverywhere = blocks.stream().allMatch(b -> b.shape().headGroups() > 0);
    String architecture = equal && attentionEverywhere ? "llama" : "deci";
    GgufMetadata metadata =
        metadata(model.config(), format, name, architecture, blocks, equal && attentionEverywhere);
    return new GgufLayout(architecture, blocks, metadata, tensors(model.config(), format, blocks));
  }

  /** Whether a block has query biases of another length than the hidden size. */
  boolean hasShortQueryBias(long hiddenSize) {
    return tensors.stream()
        .anyMatch(
            tensor ->
                tensor.name().endsWith("." + NAMES.get(WeightSlot.QUERY_BIAS))
                    && tensor.elements() != hiddenSize);
  }

  long matrices() {
    return tensors.stream().filter(tensor -> tensor.shape().size() > 1).count();
  }

  /** Matrices of a quantised file that are not quantised. */
  long unroundedMatrices() {
    boolean quantised = tensors.stream().anyMatch(tensor -> tensor.type().isQuantised());
    return quantised
        ? tensors.stream()
            .filter(tensor -> tensor.shape().size() > 1 && !tensor.type().isQuantised())
            .count()
        : 0;
  }

  private static List<FolderLayout.Block> blocks(ModelOutline model) {
    List<FolderLayout.Block> blocks = new ArrayList<>();
    for (int block = 0; block < model.blocks().size(); block++) {
      ModelOutline.Block outline = model.blocks().get(block);
      if (!outline.isEmpty()) {
        blocks.add(withStandIns(block, outline, blocks.isEmpty()));
      }
    }
    return blocks;
  }

  private static FolderLayout.Block withStandIns(
      int index, ModelOutline.Block outline, boolean first) {
    BlockShape shape = outline.shape();
    Set<WeightSlot> slots = EnumSet.noneOf(WeightSlot.class);
    slots.addAll(outline.slots());
    int heads = shape.queryHeads();
    int groups = shape.headGroups();
    if (groups == 0 && (first || outline.has(WeightSlot.OUTPUT_BIAS))) {
      heads = 1;
      groups = 1;
      slots.addAll(
          EnumSet.of(
              WeightSlot.ATTENTION_NORM,
              WeightSlot.QUERY,
              WeightSlot.KEY,
              WeightSlot.VALUE,
              WeightSlot.OUTPUT));
    }
    int channels = shape.channels();
    if (channels == 0) {
      channels = ZERO_CHANNELS;
      slots.addAll(
          EnumSet.of(
              WeightSlot.FEED_FORWARD_NORM, WeightSlot.GATE, WeightSlot.UP, WeightSlot.DOWN));
    }
    return new FolderLayout.Block(index, new BlockShape(heads, groups, channels), slots);
  }

  private static GgufMetadata metadata(
      DecoderConfig config,
      WeightFormat format,
      String name,
      String architecture,
      List<FolderLayout.Block> blocks,
      boolean equal) {
    GgufMetadata metadata = new GgufMetadata();
    String prefix = architecture + ".";
    metadata
        .put("general.architecture", architecture)
        .put("general.type", "model")
        .put("general.name", name)
        .put("general.file_type", type(format).fileType());
    if (format.isQuantised()) {
      metadata.put("general.quantization_version", 2);
    }
    metadata
        .put(prefix + "block_count", blocks.size())
        .put(prefix + "context_length", contextLength(config))
        .put(prefix + "embedding_length", config.hiddenSize())
        .put(prefix + "vocab_size", config.vocabularySize());
    putWidths(metadata, prefix + "attention.head_count", blocks, equal, BlockShape::queryHeads);
    putWidths(metadata, prefix + "attention.head_count_kv", blocks, equal, BlockShape::headGroups);
    putWidths(metadata, prefix + "feed_forward_length", blocks, equal, BlockShape::channels);
    double amplitude = config.rotary().scaling().amplitude();
    if (amplitude != 1) {
      metadata.put(prefix + "rope.scaling.attn_factor", (float) amplitude);
    }
    return metadata
        .put(prefix + "attention.key_length", config.headSize())
        .put(prefix + "attention.value_length", config.headSize())
        .put(prefix + "rope.dimension_count", config.headSize())
        .put(prefix + "rope.freq_base", (float) config.rotary().theta())
        .put(prefix + "attention.layer_norm_rms_epsilon", (float) config.normEpsilon());
  }

  private static void putWidths(
      GgufMetadata metadata,
      String key,
      List<FolderLayout.Block> blocks,
      boolean equal,
      ToIntFunction<BlockShape> width) {
    List<Integer> widths = blocks.stream().map(b -> width.applyAsInt(b.shape())).toList();
    if (equal) {
      metadata.put(key, widths.get(0));
    } else {
      metadata.putIntegers(key, widths);
    }
  }

  /**
   * Up to the shortest sliding window a model computes as if it had none, and up to where its
   * rotary angles change they are those of short texts.
   */
  static int contextLength(DecoderConfig config) {
    return config.slidingWindows().stream()
        .filter(window -> window > 0)
        .mapToInt(Integer::intValue)
        .reduce(
            Math.min(config.maximumPositions(), config.rotary().scaling().longBeyond()), Math::min);
  }

  private static List<GgufTensor> tensors(
      DecoderConfig config, WeightFormat format, List<FolderLayout.Block> blocks) {
    List<GgufTensor> tensors = new ArrayList<>();
    tensors.add(end(EMBEDDING, format, config));
    if (!(config.rotary().scaling() instanceof RotaryEmbedding.Unscaled)) {
      tensors.add(new GgufTensor(ROTARY_FACTORS, GgufType.F32, List.of(config.headSize() / 2L)));
    }
    for (int number = 0; number < blocks.size(); number++) {
      BlockTensors block = new BlockTensors(blocks.get(number), config);
      for (WeightSlot slot : WeightSlot.values()) {
        if (block.block().slots().contains(slot)) {
          List<Long> shape = Arrays.stream(block.dimensions(slot)).boxed().toList();
          tensors.add(new GgufTensor(name(slot, number), type(format, shape), shape));
        }
      }
    }
    tensors.add(new GgufTensor(FINAL_NORM, GgufType.F32, List.of((long) config.hiddenSize())));
    if (!config.tiedEmbeddings()) {
      tensors.add(end(HEAD, format, config));
    }
    return tensors;
  }

  /** Embedding and head keep eight bits where others keep four: every token depends on them. */
  private static GgufTensor end(String name, WeightFormat format, DecoderConfig config) {
    List<Long> shape = List.of((long) config.vocabularySize(), (long) config.hiddenSize());
    return new GgufTensor(
        name, type(format == WeightFormat.Q4_0 ? WeightFormat.Q8_0 : format, shape), shape);
  }

  private static GgufType type(WeightFormat format) {
    return GgufType.valueOf(format.name());
  }

  /** Norms and biases are float32, and rows that are no whole blocks stay half precision. */
  private static GgufType type(WeightFormat format, List<Long> shape) {
    if (shape.size() == 1) {
      return GgufType.F32;
    }
    GgufType type = type(format);
    return shape.get(1) % type.blockElements() == 0 ? type : GgufType.F16;
  }

  /** By how much each rotary frequency is slowed down, [e/2]; llama.cpp divides by it. */
  static float[] rotaryFactors(DecoderConfig config) {
    RotaryEmbedding plain =
        new RotaryEmbedding(config.rotary().theta(), new RotaryEmbedding.Unscaled());
    float[] before = plain.frequencies(config.headSize(), 1);
    float[] after = config.rotary().frequencies(config.headSize(), 1);
    float[] factors = new float[before.length];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = before[i] / after[i];
    }
    return factors;
  }
}
