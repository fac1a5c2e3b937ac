package org.espalier.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.espalier.allocation.WidthConstraint;
import org.espalier.checkpoint.DType;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.DecoderForm;
import org.espalier.transformer.Families;
import org.espalier.transformer.Family;
import org.espalier.transformer.RotaryEmbedding;
import org.espalier.transformer.WeightSlot;

/**
 * A checkpoint of a stock Transformers class, which every runtime opens: equal widths in all
 * blocks; blocks that lost everything are dropped and the rest is numbered anew. Where the model's
 * own class cannot hold the result, another class with the same computation does.
 */
final class StockTarget implements ExportTarget {
  static final String NAME = "transformers";
  private static final String INSTEAD = "choose the target " + PerLayerTarget.NAME;

  private static final Set<WeightSlot> ATTENTION_BIASES =
      EnumSet.of(
          WeightSlot.QUERY_BIAS,
          WeightSlot.KEY_BIAS,
          WeightSlot.VALUE_BIAS,
          WeightSlot.OUTPUT_BIAS);

  private static final Set<WeightSlot> FEED_FORWARD_BIASES =
      EnumSet.of(WeightSlot.GATE_BIAS, WeightSlot.UP_BIAS, WeightSlot.DOWN_BIAS);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String title() {
    return "Transformers (stock class)";
  }

  @Override
  public String description() {
    return "Equal widths in all blocks, or whole blocks removed; opens in Transformers, vLLM and"
        + " everything else that reads Hugging Face checkpoints, without further code.";
  }

  @Override
  public boolean holdsAnyWidths() {
    return false;
  }

  @Override
  public List<WeightFormat> formats() {
    return HuggingFaceFolder.FORMATS;
  }

  @Override
  public Optional<String> refusal(ModelOutline model) {
    List<BlockShape> shapes = model.shapes();
    if (shapes.isEmpty()) {
      return Optional.of("The model has no block left; prune less.");
    }
    Optional<BlockShape> hollow =
        shapes.stream().filter(s -> s.headGroups() == 0 || s.channels() == 0).findFirst();
    if (hollow.isPresent()) {
      String lost =
          hollow.get().headGroups() > 0
              ? "its feed-forward sub-layer"
              : hollow.get().channels() > 0
                  ? "its attention"
                  : "both sub-layers but not their output bias";
      return Optional.of(
          "Block "
              + firstOf(model, hollow.get())
              + " has lost "
              + lost
              + ", which no stock class can leave out; "
              + INSTEAD
              + ".");
    }
    if (shapes.size() > 1) {
      return Optional.of(
          "The blocks have different widths (block "
              + described(model, shapes.get(0))
              + "; block "
              + described(model, shapes.get(1))
              + "), and stock classes hold one width for all; "
              + INSTEAD
              + ", or prune for the target "
              + NAME
              + ", which keeps the widths equal.");
    }
    if (classFor(model).isEmpty()) {
      return Optional.of(withoutClass(model, shapes.get(0)));
    }
    return Optional.empty();
  }

  /** The number of the first block of this shape. */
  private static int firstOf(ModelOutline model, BlockShape shape) {
    for (int block = 0; block < model.blocks().size(); block++) {
      ModelOutline.Block outline = model.blocks().get(block);
      if (!outline.isEmpty() && outline.shape().equals(shape)) {
        return model.config().blockNumbers().get(block);
      }
    }
    throw new IllegalArgumentException("no block has the shape " + shape);
  }

  private static String described(ModelOutline model, BlockShape shape) {
    return firstOf(model, shape)
        + ": "
        + shape.queryHeads()
        + " heads, "
        + shape.headGroups()
        + " KV heads, "
        + shape.channels()
        + " channels";
  }

  private static String withoutClass(ModelOutline model, BlockShape shape) {
    Family own = model.config().family();
    if (!own.form().equals(DecoderForm.PLAIN)) {
      return "Only "
          + own.architecture()
          + " computes as this model does, and it "
          + (holdsHeads(own, model)
              ? "has no place for compensation biases in the feed-forward sub-layers; "
              : "refuses "
                  + shape.queryHeads()
                  + " heads because they do not divide the hidden size "
                  + model.config().hiddenSize()
                  + "; ")
          + INSTEAD
          + (holdsHeads(own, model)
              ? ", or a method without compensation."
              : ", or another number of heads.");
    }
    if (!model.windows().equals(Set.of(0))) {
      return "The model has sliding windows and compensation biases, which no stock class holds"
          + " together; "
          + INSTEAD
          + ", or a method without compensation.";
    }
    return "With compensation biases only the Llama class remains, and it refuses "
        + shape.queryHeads()
        + " heads because they do not divide the hidden size "
        + model.config().hiddenSize()
        + "; "
        + INSTEAD
        + ", another number of heads, or a method without compensation.";
  }

  /** The model's own class if it holds the model, else the first other one that does. */
  private static Optional<Family> classFor(ModelOutline model) {
    return Stream.concat(Stream.of(model.config().family()), Families.all().stream())
        .filter(family -> holds(family, model))
        .findFirst();
  }

  private static boolean holds(Family family, ModelOutline model) {
    boolean attentionBias =
        switch (family.attentionBias()) {
          case NONE -> ATTENTION_BIASES.stream().noneMatch(model::anyHas);
          case QUERY_KEY_VALUE -> !model.anyHas(WeightSlot.OUTPUT_BIAS);
          case ALL_IF_CONFIGURED -> true;
        };
    boolean feedForwardBias =
        family.feedForwardBiasKey() || FEED_FORWARD_BIASES.stream().noneMatch(model::anyHas);
    boolean windows =
        switch (family.window()) {
          case NEVER -> model.windows().equals(Set.of(0));
          case EVERY_BLOCK -> model.windows().size() == 1;
          case BY_BLOCK, EXCEPT_EVERY_NTH ->
              model.windows().stream().filter(length -> length > 0).count() <= 1;
        };
    return family.form().equals(model.config().family().form())
        && attentionBias
        && feedForwardBias
        && windows
        && holdsHeads(family, model);
  }

  private static boolean holdsHeads(Family family, ModelOutline model) {
    int heads = model.shapes().get(0).queryHeads();
    int hiddenSize = model.config().hiddenSize();
    boolean longRope =
        model.config().rotary().scaling() instanceof RotaryEmbedding.LongRope
            && family.longRopeFixesHeads();
    return (!family.headsDivideHiddenSize() || hiddenSize % heads == 0)
        && (!longRope || hiddenSize / heads == model.config().headSize());
  }

  @Override
  public WidthConstraint constraint(
      DecoderConfig config, boolean compensated, int channelMultiple) {
    BlockShape dense = config.shape(0);
    Set<Integer> accepted = new TreeSet<>();
    Optional<String> refusal = Optional.empty();
    for (int headGroups = 1; headGroups <= dense.headGroups(); headGroups++) {
      Optional<String> reason =
          refusal(uniform(config, compensated, headGroups, dense.queryHeadsPerGroup()));
      if (reason.isEmpty()) {
        accepted.add(headGroups);
      } else {
        refusal = reason;
      }
    }
    if (accepted.isEmpty()) {
      throw new EspalierException(refusal.orElseGet(() -> "The model has no attention to keep."));
    }
    boolean any = accepted.size() == dense.headGroups();
    return new WidthConstraint(
        "The target " + NAME,
        true,
        true,
        any ? Set.of() : accepted,
        channelMultiple,
        hiddenMultiple(config, compensated, channelMultiple),
        true,
        true,
        compensated);
  }

  /** Of which number hidden sizes are multiples that some class takes, among the wanted ones. */
  private int hiddenMultiple(DecoderConfig config, boolean compensated, int wanted) {
    int heads = config.shape(0).queryHeads();
    int common =
        wanted * heads / BigInteger.valueOf(wanted).gcd(BigInteger.valueOf(heads)).intValue();
    int divided = config.hiddenSize() == common ? 2 * common : common;
    if (holdsHiddenSize(config, compensated, common + wanted)) {
      return wanted;
    }
    return holdsHiddenSize(config, compensated, divided) ? common : config.hiddenSize();
  }

  private boolean holdsHiddenSize(DecoderConfig config, boolean compensated, int size) {
    BlockShape dense = config.shape(0);
    return refusal(
            uniform(
                config.withHiddenSize(size),
                compensated,
                dense.headGroups(),
                dense.queryHeadsPerGroup()))
        .isEmpty();
  }

  /** What a model of so many head groups in every block would be. */
  private static ModelOutline uniform(
      DecoderConfig config, boolean compensated, int headGroups, int queriesPerGroup) {
    BlockShape shape =
        new BlockShape(headGroups * queriesPerGroup, headGroups, config.shape(0).channels());
    return ModelOutline.planned(
        config, compensated, Collections.nCopies(config.shapes().size(), shape));
  }

  @Override
  public LoadSnippet loadSnippet() {
    return LoadSnippet.python("", false);
  }

  @Override
  public ExportReport export(PrunedModel model, ExportOptions options, Progress progress) {
    ModelOutline outline = ModelOutline.of(model.decoder(), progress);
    require(outline, options.format());
    FolderLayout layout =
        layout(outline, model.source().configuration(), options.format().dtype().orElseThrow(), "");
    return new HuggingFaceFolder(model, layout, options, progress).write(NAME);
  }

  /**
   * The folder of a model that is not refused.
   *
   * @param note what a user should know about it; may be empty
   */
  static FolderLayout layout(ModelOutline model, JsonNode source, DType dtype, String note) {
    Family family = classFor(model).orElseThrow();
    List<Integer> kept = new ArrayList<>();
    for (int block = 0; block < model.blocks().size(); block++) {
      if (!model.blocks().get(block).isEmpty()) {
        kept.add(block);
      }
    }
    boolean attentionBias =
        family.attentionBias() == Family.AttentionBias.ALL_IF_CONFIGURED
            && ATTENTION_BIASES.stream().anyMatch(model::anyHas);
    boolean feedForwardBias = FEED_FORWARD_BIASES.stream().anyMatch(model::anyHas);
    BlockShape shape = model.shapes().get(0);

    ObjectNode json = ownOrFresh(model, family, source);
    json.put("model_type", family.modelType());
    json.putArray("architectures").add(family.architecture());
    json.put("num_hidden_layers", kept.size());
    ConfigurationKeys.putWidths(json, shape, model.config().headSize());
    putWindows(json, model, family, kept);
    if (family.attentionBias() == Family.AttentionBias.ALL_IF_CONFIGURED) {
      json.put("attention_bias", attentionBias);
    }
    if (family.feedForwardBiasKey()) {
      json.put("mlp_bias", feedForwardBias);
    }
    if (family.form().ownWindowAngles()) {
      json.remove("rope_parameters"); // nested there; both versions read the older keys
    }
    ConfigurationKeys.putDType(json, dtype);

    Set<WeightSlot> slots = EnumSet.noneOf(WeightSlot.class);
    for (WeightSlot slot : WeightSlot.values()) {
      if (!slot.isBias() && family.form().has(slot)) {
        slots.add(slot);
      }
    }
    if (attentionBias) {
      slots.addAll(ATTENTION_BIASES);
    } else if (family.attentionBias() == Family.AttentionBias.QUERY_KEY_VALUE) {
      slots.addAll(EnumSet.of(WeightSlot.QUERY_BIAS, WeightSlot.KEY_BIAS, WeightSlot.VALUE_BIAS));
    }
    if (feedForwardBias) {
      slots.addAll(FEED_FORWARD_BIASES);
    }
    return new FolderLayout(
        json,
        family.names(),
        kept.stream().map(block -> new FolderLayout.Block(block, shape, slots)).toList(),
        Map.of(),
        // The library's faster attention leaves soft caps out without a word.
        model.config().arithmetic().attentionCap() > 0 ? ", attn_implementation=\"eager\"" : "",
        note);
  }

  /** The source's own config.json where the class stays, so that keys unknown here survive. */
  private static ObjectNode ownOrFresh(ModelOutline model, Family family, JsonNode source) {
    if (!source.path("model_type").asText().equals(family.modelType())) {
      return ConfigurationKeys.fresh(model.config(), source);
    }
    ObjectNode json = source.deepCopy();
    json.remove(List.of("auto_map", "per_layer_config", "_name_or_path"));
    ConfigurationKeys.putRotary(json, model.config());
    return json;
  }

  private static void putWindows(
      ObjectNode json, ModelOutline model, Family family, List<Integer> kept) {
    List<Integer> windows = kept.stream().map(model.config().slidingWindows()::get).toList();
    int window = windows.stream().mapToInt(Integer::intValue).max().orElse(0);
    json.remove(List.of("max_window_layers", "layer_types"));
    switch (family.window()) {
      case NEVER -> json.remove(List.of("sliding_window", "use_sliding_window"));
      case EVERY_BLOCK -> putWindow(json, window);
      case BY_BLOCK -> {
        putWindow(json, window);
        json.put("use_sliding_window", window > 0);
        putWindowTypes(json, windows);
      }
      case EXCEPT_EVERY_NTH -> {
        json.put("sliding_window", window > 0 ? window : model.config().maximumPositions());
        putWindowTypes(json, windows);
      }
    }
  }

  private static void putWindowTypes(ObjectNode json, List<Integer> windows) {
    ArrayNode types = json.putArray("layer_types");
    windows.forEach(length -> types.add(length > 0 ? "sliding_attention" : "full_attention"));
  }

  private static void putWindow(ObjectNode json, int window) {
    if (window > 0) {
      json.put("sliding_window", window);
    } else {
      json.putNull("sliding_window");
    }
  }
}
