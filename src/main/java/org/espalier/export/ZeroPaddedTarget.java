package org.espalier.export;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.espalier.allocation.WidthConstraint;
import org.espalier.task.Progress;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.DecoderForm;
import org.espalier.transformer.SubLayerKind;
import org.espalier.transformer.WeightSlot;

/**
 * Any widths in a stock class: narrower blocks are filled up with zeros to the widths of the widest
 * one, which changes no logit. It proves a pruned model wherever Hugging Face checkpoints open, and
 * saves nothing beyond what the widest block has lost.
 */
final class ZeroPaddedTarget implements ExportTarget {
  static final String NAME = "anything";

  private final StockTarget stock = new StockTarget();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String title() {
    return "Anything (padded with zeros)";
  }

  @Override
  public String description() {
    return "Narrower blocks are filled up with zeros to equal widths, so that any widths open in"
        + " everything that reads Hugging Face checkpoints. A proof, not a saving: every"
        + " block is as large as the widest.";
  }

  @Override
  public boolean holdsAnyWidths() {
    return true;
  }

  @Override
  public List<WeightFormat> formats() {
    return HuggingFaceFolder.FORMATS;
  }

  @Override
  public Optional<String> refusal(ModelOutline model) {
    if (queriesPerGroup(model).size() > 1) {
      return Optional.of(
          "KV heads serve different numbers of query heads in different blocks, which zeros cannot"
              + " even out; choose the target "
              + PerLayerTarget.NAME
              + ".");
    }
    return stock.refusal(padded(model));
  }

  private static Set<Integer> queriesPerGroup(ModelOutline model) {
    Set<Integer> numbers = new TreeSet<>();
    for (ModelOutline.Block block : model.blocks()) {
      if (block.shape().headGroups() > 0) {
        numbers.add(block.shape().queryHeadsPerGroup());
      }
    }
    return numbers;
  }

  @Override
  public WidthConstraint constraint(
      DecoderConfig config, boolean compensated, int channelMultiple) {
    require(ModelOutline.planned(config, compensated));
    return new WidthConstraint(
        "The target " + name(), false, false, Set.of(), channelMultiple, false, false);
  }

  @Override
  public LoadSnippet loadSnippet() {
    return LoadSnippet.python("", false);
  }

  @Override
  public ExportReport export(PrunedModel model, ExportOptions options, Progress progress) {
    ModelOutline outline = ModelOutline.of(model.decoder(), progress);
    require(outline, options.format());
    ModelOutline padded = padded(outline);
    BlockShape widest = padded.shapes().get(0);
    String note =
        "Filled up with zeros to "
            + widest.headGroups()
            + " KV heads and "
            + widest.channels()
            + " channels in every block: a proof that opens anywhere, not a saving.";
    return new HuggingFaceFolder(
            model,
            StockTarget.layout(
                padded,
                model.source().configuration(),
                options.format().dtype().orElseThrow(),
                note),
            options,
            progress)
        .write(NAME);
  }

  /**
   * The least widths that hold every block and that a class accepts, or the least of all. A class
   * may ask that heads divide the hidden size, which the model need not have done when it was
   * opened; beyond the hidden size no number does.
   */
  private ModelOutline padded(ModelOutline model) {
    int least = widest(model, SubLayerKind.ATTENTION);
    int most = Math.max(least, model.config().hiddenSize() / queries(model));
    return IntStream.rangeClosed(least, most)
        .mapToObj(headGroups -> padded(model, headGroups))
        .filter(candidate -> stock.refusal(candidate).isEmpty())
        .findFirst()
        .orElseGet(() -> padded(model, least));
  }

  private static ModelOutline padded(ModelOutline model, int headGroups) {
    BlockShape shape =
        new BlockShape(
            headGroups * queries(model), headGroups, widest(model, SubLayerKind.FEED_FORWARD));
    DecoderForm form = model.config().family().form();
    List<ModelOutline.Block> blocks = new ArrayList<>();
    for (ModelOutline.Block block : model.blocks()) {
      Set<WeightSlot> slots = EnumSet.noneOf(WeightSlot.class);
      slots.addAll(block.slots());
      for (WeightSlot slot : WeightSlot.values()) {
        if (!slot.isBias() && form.has(slot)) {
          slots.add(slot);
        }
      }
      blocks.add(block.isEmpty() ? block : new ModelOutline.Block(shape, slots));
    }
    return new ModelOutline(model.config(), blocks);
  }

  /** Query heads that every KV head serves, or would serve if none is left. */
  private static int queries(ModelOutline model) {
    int queries =
        queriesPerGroup(model).stream()
            .findFirst()
            .orElseGet(() -> model.config().shape(0).queryHeadsPerGroup());
    return Math.max(1, queries);
  }

  /** At least one, since no class is without attention or feed-forward sub-layers. */
  private static int widest(ModelOutline model, SubLayerKind kind) {
    return model.blocks().stream()
        .mapToInt(block -> block.shape().units(kind))
        .reduce(1, Math::max);
  }
}
