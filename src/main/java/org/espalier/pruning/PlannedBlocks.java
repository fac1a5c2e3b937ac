package org.espalier.pruning;

import ai.djl.ndarray.NDArray;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.task.EspalierException;
import org.espalier.torch.Kernels;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockSource;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.ExchangedBlocks;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.transformer.WeightSlot;

/** The dense blocks seen through a plan; what becomes of each tensor is up to the subclass. */
abstract class PlannedBlocks extends ExchangedBlocks {
  static final String KERNELS = "torchscript/pruning.py";

  private final List<BlockPlan> plans;
  private final Compensation compensation;
  private final int headSize;

  /**
   * @param dense stays open and is not closed by this source
   * @param headSize width e of one head
   */
  PlannedBlocks(BlockSource dense, List<BlockPlan> plans, Compensation compensation, int headSize) {
    super(dense);
    if (dense.blocks() != plans.size()) {
      throw new IllegalArgumentException(
          "the plan has " + plans.size() + " blocks, the model " + dense.blocks());
    }
    this.plans = List.copyOf(plans);
    this.compensation = compensation;
    this.headSize = headSize;
  }

  /**
   * The tensors of one block, made inside the current scope; unchanged ones may be passed on.
   *
   * @param weights of the dense block
   */
  abstract Map<WeightSlot, NDArray> transform(BlockPlan plan, BlockWeights weights);

  BlockPlan plan(int block) {
    return plans.get(block);
  }

  @Override
  protected final Map<WeightSlot, NDArray> exchange(int block, BlockWeights weights) {
    Map<WeightSlot, NDArray> tensors = new EnumMap<>(transform(plans.get(block), weights));
    for (SubLayerKind kind : SubLayerKind.values()) {
      repair(tensors, plans.get(block), new SubLayer(block, kind));
    }
    return tensors;
  }

  /** Repairs one sub-layer; its output projection and bias are those of {@link #transform}. */
  private void repair(Map<WeightSlot, NDArray> tensors, BlockPlan plan, SubLayer subLayer) {
    Optional<OutputRepair> known = compensation.of(subLayer);
    if (known.isEmpty()) {
      return;
    }
    OutputRepair repair = known.get();
    WeightSlot output = WeightSlot.output(subLayer.kind());
    // A sub-layer without units has no projection left, only its bias.
    if (tensors.containsKey(output)) {
      repair
          .weight()
          .ifPresent(
              weight -> tensors.put(output, replaced(tensors.get(output), weight, plan, subLayer)));
      repair
          .scale()
          .ifPresent(scale -> tensors.put(output, scaled(tensors.get(output), scale, subLayer)));
    }
    WeightSlot biasSlot = WeightSlot.outputBias(subLayer.kind());
    repair
        .bias()
        .ifPresent(
            bias -> {
              NDArray addition = TorchScope.current().array(bias, bias.length);
              NDArray present = tensors.get(biasSlot);
              tensors.put(biasSlot, present == null ? addition : addition.add(present));
            });
  }

  private NDArray replaced(NDArray old, float[] weight, BlockPlan plan, SubLayer subLayer) {
    WeightSlot output = WeightSlot.output(subLayer.kind());
    UnitSlices kept =
        UnitSlices.of(output, UnitSlices.kept(output, plan), plan, headSize).orElseThrow();
    long rows = old.getShape().get(0);
    require(weight.length, rows * kept.indices().length, "output projection", subLayer);
    NDArray columns = TorchScope.current().array(weight, rows, kept.indices().length);
    return old.getShape().get(1) == kept.indices().length
        ? columns
        : Kernels.of(KERNELS).call("with_columns", old, indices(kept.indices()), columns);
  }

  private static NDArray scaled(NDArray weight, float[] scale, SubLayer subLayer) {
    require(scale.length, weight.getShape().get(0), "output scale", subLayer);
    return weight.mul(TorchScope.current().array(scale, scale.length, 1));
  }

  private static void require(long values, long expected, String what, SubLayer subLayer) {
    if (values != expected) {
      throw new EspalierException(
          "The plan's "
              + what
              + " of "
              + subLayer.label()
              + " has "
              + values
              + " values, but the model needs "
              + expected
              + "; the plan's vector file belongs to another model or is damaged.");
    }
  }

  static NDArray indices(long[] indices) {
    return TorchScope.current().manager().create(indices);
  }

  static boolean isUntouched(BlockPlan plan, SubLayerKind kind) {
    return kind == SubLayerKind.ATTENTION ? plan.keepsAllHeadGroups() : plan.keepsAllChannels();
  }

  int headSize() {
    return headSize;
  }
}
