package org.espalier.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.espalier.allocation.WidthConstraint;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.DecoderForm;
import org.espalier.transformer.SubLayerKind;
import org.espalier.transformer.WeightSlot;

/**
 * The folder of {@link PerLayerTarget}, for the class of vLLM that was made for DeciLM:
 * feed-forward widths of any size, removed sub-layers and compensation, but one number of query
 * heads in all blocks that have attention. What that class cannot leave out stays as zeros that
 * compute nothing: attention of the first block or with a bias, and a feed-forward sub-layer with a
 * bias.
 */
final class VllmTarget implements ExportTarget {
  static final String NAME = "vllm";
  private static final int ZERO_CHANNELS = 32;

  private static final String COMMANDS =
      """
      vllm serve "{folder}" --trust-remote-code

      # or, without vLLM
      """;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String title() {
    return "vLLM";
  }

  @Override
  public String description() {
    return "Feed-forward widths of any size and removed sub-layers, with equal attention in all"
        + " other blocks, for the DeciLMForCausalLM class of vLLM with --trust-remote-code;"
        + " also opens in Transformers and in Espalier.";
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
    if (model.blocks().stream().allMatch(ModelOutline.Block::isEmpty)) {
      return Optional.of("The model has no block left; prune less.");
    }
    Optional<String> otherwise = refusalOfClass(model);
    if (otherwise.isPresent()) {
      return otherwise;
    }
    Set<Integer> heads = new TreeSet<>();
    model.blocks().forEach(block -> heads.add(block.shape().queryHeads()));
    heads.remove(0);
    if (heads.size() > 1) {
      return Optional.of(
          "Blocks have different numbers of query heads ("
              + String.join(", ", heads.stream().map(String::valueOf).toList())
              + "), and vLLM takes one for all; prune for the target "
              + NAME
              + ", which keeps them equal, or choose "
              + GgufTarget.NAME
              + " or "
              + PerLayerTarget.NAME
              + ".");
    }
    return Optional.empty();
  }

  /** Why the class computes otherwise, whatever the widths. */
  private static Optional<String> refusalOfClass(ModelOutline model) {
    if (!model.config().family().form().equals(DecoderForm.PLAIN)) {
      return Optional.of(
          "The class of vLLM that takes widths per block computes otherwise than a "
              + model.config().family().modelType()
              + " model; choose the target "
              + StockTarget.NAME
              + " with equal widths, which vLLM opens with its own class.");
    }
    if (!model.windows().equals(Set.of(0)) && !model.windows().isEmpty()) {
      return Optional.of(
          "The class of vLLM that takes widths per block has no sliding windows; choose the target "
              + StockTarget.NAME
              + " with equal widths, which vLLM opens with its own class.");
    }
    return Optional.empty();
  }

  @Override
  public WidthConstraint constraint(
      DecoderConfig config, boolean compensated, int channelMultiple) {
    refusalOfClass(ModelOutline.planned(config, compensated))
        .ifPresent(
            reason -> {
              throw new EspalierException(reason);
            });
    return new WidthConstraint(
        "The target " + name(), true, false, Set.of(), channelMultiple, true, false);
  }

  @Override
  public LoadSnippet loadSnippet() {
    return LoadSnippet.python(LoadSnippet.TRUST, true).after(COMMANDS);
  }

  @Override
  public ExportReport export(PrunedModel model, ExportOptions options, Progress progress) {
    ModelOutline outline = ModelOutline.of(model.decoder(), progress);
    require(outline, options.format());
    ModelOutline held = withStandIns(outline);
    FolderLayout layout =
        PerLayerTarget.layout(
            held, model.source().configuration(), options.format().dtype().orElseThrow(), "");
    ObjectNode json = layout.configuration();
    json.putArray("architectures").add("DeciLMForCausalLM");
    // vLLM asks for the widths of the whole model too.
    json.put("allow_global_per_layer_attribute_access", true);
    json.put("attention_bias", held.anyHas(WeightSlot.OUTPUT_BIAS));
    json.put("mlp_bias", held.anyHas(WeightSlot.DOWN_BIAS));
    return new HuggingFaceFolder(model, layout, options, progress).write(NAME, COMMANDS);
  }

  private static ModelOutline withStandIns(ModelOutline model) {
    Set<WeightSlot> attention = EnumSet.noneOf(WeightSlot.class);
    Set<WeightSlot> feedForward = EnumSet.noneOf(WeightSlot.class);
    if (hasBias(model, SubLayerKind.ATTENTION)) {
      attention =
          EnumSet.of(
              WeightSlot.QUERY_BIAS,
              WeightSlot.KEY_BIAS,
              WeightSlot.VALUE_BIAS,
              WeightSlot.OUTPUT_BIAS);
    }
    if (hasBias(model, SubLayerKind.FEED_FORWARD)) {
      feedForward = EnumSet.of(WeightSlot.GATE_BIAS, WeightSlot.UP_BIAS, WeightSlot.DOWN_BIAS);
    }
    BlockShape usual =
        model.blocks().stream()
            .map(ModelOutline.Block::shape)
            .filter(shape -> shape.headGroups() > 0)
            .findFirst()
            .orElseGet(() -> new BlockShape(1, 1, 0));
    List<ModelOutline.Block> blocks = new ArrayList<>();
    for (ModelOutline.Block block : model.blocks()) {
      BlockShape shape = block.shape();
      boolean attends =
          shape.headGroups() > 0 || blocks.isEmpty() || block.has(WeightSlot.OUTPUT_BIAS);
      boolean feeds = shape.channels() > 0 || block.has(WeightSlot.DOWN_BIAS);
      int heads = attends ? usual.queryHeads() : 0;
      int groups = shape.headGroups() > 0 || !attends ? shape.headGroups() : usual.headGroups();
      int channels = shape.channels() > 0 || !feeds ? shape.channels() : ZERO_CHANNELS;
      Set<WeightSlot> slots = EnumSet.noneOf(WeightSlot.class);
      for (WeightSlot slot : WeightSlot.values()) {
        boolean present = slot.kind() == SubLayerKind.ATTENTION ? attends : feeds;
        boolean wanted =
            slot.isBias()
                ? attention.contains(slot) || feedForward.contains(slot)
                : DecoderForm.PLAIN.has(slot);
        if (present && wanted) {
          slots.add(slot);
        }
      }
      blocks.add(new ModelOutline.Block(new BlockShape(heads, groups, channels), slots));
    }
    return new ModelOutline(model.config(), blocks);
  }

  private static boolean hasBias(ModelOutline model, SubLayerKind kind) {
    return model.blocks().stream()
        .flatMap(block -> block.slots().stream())
        .anyMatch(slot -> slot.isBias() && slot.kind() == kind);
  }
}
