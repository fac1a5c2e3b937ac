package org.espalier.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.espalier.allocation.WidthConstraint;
import org.espalier.checkpoint.DType;
import org.espalier.task.Progress;
import org.espalier.transformer.Arithmetic;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.DecoderForm;
import org.espalier.transformer.Families;
import org.espalier.transformer.Family;
import org.espalier.transformer.SubLayerKind;
import org.espalier.transformer.TensorNames;
import org.espalier.transformer.WeightSlot;

/**
 * Blocks of any widths, for Transformers with one modelling file of our own beside the weights.
 * Widths are written as {@code per_layer_config}, sparse, over the largest width of each kind.
 */
final class PerLayerTarget implements ExportTarget {
  static final String NAME = "transformers-per-layer";
  private static final String CODE = "modeling_espalier.py";
  private static final String FAMILY_MARK = "@family@";
  private static final String BIASES = "biases";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String title() {
    return "Transformers per layer (any widths)";
  }

  @Override
  public String description() {
    return "Any widths in every block, removed sub-layers and compensation, as safetensors with one"
        + " modelling file; opens in Transformers 4.57 and 5 with trust_remote_code=True and in"
        + " Espalier.";
  }

  @Override
  public boolean holdsAnyWidths() {
    return true;
  }

  @Override
  public List<WeightFormat> formats() {
    return HuggingFaceFolder.FORMATS;
  }

  /** It holds every model. */
  @Override
  public Optional<String> refusal(ModelOutline model) {
    return Optional.empty();
  }

  @Override
  public WidthConstraint constraint(
      DecoderConfig config, boolean compensated, int channelMultiple) {
    return new WidthConstraint(
        "The target " + name(), false, false, Set.of(), channelMultiple, false, false);
  }

  @Override
  public LoadSnippet loadSnippet() {
    return LoadSnippet.python(LoadSnippet.TRUST, true);
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
   * The folder of a model.
   *
   * @param note what a user should know about it; may be empty
   */
  static FolderLayout layout(ModelOutline model, JsonNode source, DType dtype, String note) {
    DecoderConfig config = model.config();
    Family family = config.family();
    ObjectNode json = ConfigurationKeys.fresh(config, source);
    json.remove("rope_scaling"); // the modelling file reads rope_parameters in all versions
    json.put("model_type", Families.PER_BLOCK_PREFIX + family.modelType());
    json.putArray("architectures").add("EspalierForCausalLM");
    json.putObject("auto_map")
        .put("AutoConfig", "modeling_espalier.EspalierConfig")
        .put("AutoModelForCausalLM", "modeling_espalier.EspalierForCausalLM");
    json.put("num_hidden_layers", model.blocks().size());
    BlockShape largest = largest(model);
    ConfigurationKeys.putWidths(json, largest, config.headSize());
    putWindows(json, config);
    putForm(json, config);
    TensorNames names = family.names().unfused();
    List<String> biases = biases(model.blocks().get(0), names);
    biases.forEach(json.putArray(BIASES)::add);
    ObjectNode perLayer = json.putObject("per_layer_config");
    int digits = String.valueOf(model.blocks().size() - 1).length();
    for (int block = 0; block < model.blocks().size(); block++) {
      ObjectNode own = json.objectNode();
      ModelOutline.Block outline = model.blocks().get(block);
      if (!outline.shape().equals(largest)) {
        ConfigurationKeys.putWidths(own, outline.shape());
      }
      if (!biases(outline, names).equals(biases)) {
        biases(outline, names).forEach(own.putArray(BIASES)::add);
      }
      if (!own.isEmpty()) {
        perLayer.set(String.format(Locale.ROOT, "%0" + digits + "d", block), own);
      }
    }
    ConfigurationKeys.putDType(json, dtype);
    return new FolderLayout(
        json, names, blocks(model), Map.of(CODE, code(family)), LoadSnippet.TRUST, note);
  }

  /**
   * The global widths: the largest of each kind, or that of the source where nothing of the kind is
   * left, since a global width of 0 describes no decoder.
   */
  private static BlockShape largest(ModelOutline model) {
    List<BlockShape> pruned = model.blocks().stream().map(ModelOutline.Block::shape).toList();
    BlockShape attention = widest(pruned, SubLayerKind.ATTENTION);
    BlockShape feedForward = widest(pruned, SubLayerKind.FEED_FORWARD);
    if (attention.headGroups() == 0) {
      attention = widest(model.config().shapes(), SubLayerKind.ATTENTION);
    }
    if (feedForward.channels() == 0) {
      feedForward = widest(model.config().shapes(), SubLayerKind.FEED_FORWARD);
    }
    return new BlockShape(attention.queryHeads(), attention.headGroups(), feedForward.channels());
  }

  private static BlockShape widest(List<BlockShape> shapes, SubLayerKind kind) {
    return shapes.stream().max(Comparator.comparingInt(shape -> shape.units(kind))).orElseThrow();
  }

  /**
   * Windows of some blocks only go under a key of our own: Transformers would build its cache by
   * {@code layer_types}, in which blocks without attention have a place although they cache
   * nothing.
   */
  private static void putWindows(ObjectNode json, DecoderConfig config) {
    List<Integer> windows = config.slidingWindows();
    json.putNull("sliding_window");
    if (windows.stream().allMatch(length -> length == 0)) {
      return;
    }
    if (config.family().window() == Family.Window.EVERY_BLOCK) {
      json.put("sliding_window", windows.get(0));
    } else {
      windows.forEach(json.putArray("windows")::add);
    }
  }

  /** What sets the family's computation apart, as numbers and switches for the modelling file. */
  private static void putForm(ObjectNode json, DecoderConfig config) {
    DecoderForm form = config.family().form();
    Arithmetic numbers = config.arithmetic();
    if (form.equals(DecoderForm.PLAIN)) {
      return;
    }
    json.put("head_norms", form.hasHeadNorms())
        .put("post_norms", form.hasPostNorms())
        .put("norm_offset", numbers.normOffset())
        .put("embedding_scale", numbers.embeddingScale())
        .put("query_scale", numbers.queryScale());
    if (numbers.attentionCap() > 0) {
      json.put("attn_logit_softcapping", numbers.attentionCap());
    }
    if (numbers.logitCap() > 0) {
      json.put("final_logit_softcapping", numbers.logitCap());
    }
  }

  /** The projections of a block that have a bias, for example {@code self_attn.o_proj}. */
  private static List<String> biases(ModelOutline.Block block, TensorNames modules) {
    List<String> names = new ArrayList<>();
    for (WeightSlot slot : WeightSlot.values()) {
      if (slot.isBias() && block.has(slot)) {
        names.add(modules.module(slot));
      }
    }
    return names;
  }

  private static List<FolderLayout.Block> blocks(ModelOutline model) {
    List<FolderLayout.Block> blocks = new ArrayList<>();
    for (int block = 0; block < model.blocks().size(); block++) {
      ModelOutline.Block outline = model.blocks().get(block);
      blocks.add(new FolderLayout.Block(block, outline.shape(), outline.slots()));
    }
    return blocks;
  }

  private static String code(Family family) {
    try (InputStream input =
        PerLayerTarget.class.getResourceAsStream("/export/modeling_espalier.py")) {
      if (input == null) {
        throw new IllegalStateException("the modelling file is missing from the program");
      }
      return new String(input.readAllBytes(), StandardCharsets.UTF_8)
          .replace(FAMILY_MARK, family.modelType());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
