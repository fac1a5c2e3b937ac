package org.espalier.pruning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.espalier.allocation.HiddenChannels;
import org.espalier.allocation.ModelCosts;
import org.espalier.allocation.PrunableModel;
import org.espalier.checkpoint.TensorInfo;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.DecoderLayout;
import org.espalier.transformer.SubLayerKind;
import org.espalier.transformer.WeightSlot;

/** Counts what an allocator needs to know of a decoder. */
public final class PrunableModels {
  private PrunableModels() {}

  /** Units and parameters from the tensors of a checkpoint; a tied head counts once. */
  public static PrunableModel of(DecoderLayout layout) {
    List<PrunableModel.Block> blocks = new ArrayList<>();
    long layerParameters = 0;
    for (int b = 0; b < layout.blocks().size(); b++) {
      Map<WeightSlot, TensorInfo> tensors = layout.blocks().get(b);
      BlockShape shape = layout.config().shape(b);
      blocks.add(
          new PrunableModel.Block(
              shape.headGroups(),
              perUnit(tensors, shape, SubLayerKind.ATTENTION),
              shape.channels(),
              perUnit(tensors, shape, SubLayerKind.FEED_FORWARD)));
      layerParameters += tensors.values().stream().mapToLong(TensorInfo::elements).sum();
    }
    long ends = layout.embedding().elements() + layout.finalNorm().elements();
    if (!layout.config().tiedEmbeddings()) {
      ends += layout.head().elements();
    }
    return new PrunableModel(
        blocks,
        layerParameters,
        layerParameters + ends,
        layout.config().headSize(),
        hidden(layout, ends),
        layout.config().blockNumbers());
  }

  private static HiddenChannels hidden(DecoderLayout layout, long ends) {
    int count = layout.config().hiddenSize();
    long prunable = 0;
    long layer = 0;
    for (Map<WeightSlot, TensorInfo> tensors : layout.blocks()) {
      for (Map.Entry<WeightSlot, TensorInfo> entry : tensors.entrySet()) {
        if (entry.getKey().hiddenDimension().isPresent()) {
          long slice = entry.getValue().elements() / count;
          layer += slice;
          prunable += UnitSlices.isCut(entry.getKey()) ? slice : 0;
        }
      }
    }
    return new HiddenChannels(count, prunable, layer, layer + ends / count);
  }

  /**
   * What the widths of a decoder cost.
   *
   * @param bytes of all weights in the checkpoint
   */
  public static ModelCosts costs(DecoderLayout layout, long bytes) {
    DecoderConfig config = layout.config();
    List<ModelCosts.Block> blocks = new ArrayList<>();
    for (int b = 0; b < config.blocks(); b++) {
      Map<WeightSlot, TensorInfo> tensors = layout.blocks().get(b);
      blocks.add(
          new ModelCosts.Block(
              config.shape(b).queryHeadsPerGroup(),
              config.slidingWindows().get(b),
              rest(tensors, SubLayerKind.ATTENTION),
              rest(tensors, SubLayerKind.FEED_FORWARD),
              tensors.keySet().stream().anyMatch(WeightSlot::isPostNorm),
              tensors.containsKey(WeightSlot.OUTPUT_BIAS),
              tensors.containsKey(WeightSlot.DOWN_BIAS)));
    }
    return new ModelCosts(
        of(layout),
        bytes,
        layout.embedding().dtype().bytes(),
        config.hiddenSize(),
        config.headSize(),
        config.vocabularySize(),
        config.tiedEmbeddings(),
        config.maximumPositions(),
        blocks);
  }

  /** Parameters of a sub-layer that no unit owns, its output bias left out. */
  private static long rest(Map<WeightSlot, TensorInfo> tensors, SubLayerKind kind) {
    return tensors.entrySet().stream()
        .filter(entry -> entry.getKey().kind() == kind)
        .filter(entry -> !UnitSlices.isCut(entry.getKey()) && !entry.getKey().isOutputBias())
        .mapToLong(entry -> entry.getValue().elements())
        .sum();
  }

  private static long perUnit(
      Map<WeightSlot, TensorInfo> tensors, BlockShape shape, SubLayerKind kind) {
    int units = shape.units(kind);
    if (units == 0) {
      return 0;
    }
    long parameters = 0;
    for (Map.Entry<WeightSlot, TensorInfo> entry : tensors.entrySet()) {
      if (entry.getKey().kind() == kind && UnitSlices.isCut(entry.getKey())) {
        parameters += entry.getValue().elements();
      }
    }
    return parameters / units;
  }
}
