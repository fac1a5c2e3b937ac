package org.espalier.pruning;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockSource;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.transformer.WeightSlot;

/** The dense blocks seen through a plan; what becomes of each tensor is up to the subclass. */
abstract class PlannedBlocks implements BlockSource {
  static final String KERNELS = "torchscript/pruning.py";

  private final BlockSource dense;
  private final List<BlockPlan> plans;
  private final Compensation compensation;

  /**
   * @param dense stays open and is not closed by this source
   */
  PlannedBlocks(BlockSource dense, List<BlockPlan> plans, Compensation compensation) {
    if (dense.blocks() != plans.size()) {
      throw new IllegalArgumentException(
          "the plan has " + plans.size() + " blocks, the model " + dense.blocks());
    }
    this.dense = dense;
    this.plans = List.copyOf(plans);
    this.compensation = compensation;
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
  public Device device() {
    return dense.device();
  }

  @Override
  public int blocks() {
    return dense.blocks();
  }

  @Override
  public BlockWeights load(int block) {
    BlockWeights weights = dense.load(block);
    TensorStore store = new TensorStore(device());
    try (TorchScope scope = TorchScope.open(device())) {
      Map<WeightSlot, NDArray> tensors = new EnumMap<>(transform(plans.get(block), weights));
      compensate(tensors, SubLayer.attention(block), WeightSlot.OUTPUT_BIAS);
      compensate(tensors, SubLayer.feedForward(block), WeightSlot.DOWN_BIAS);
      for (Map.Entry<WeightSlot, NDArray> entry : tensors.entrySet()) {
        if (weights.get(entry.getKey()).orElse(null) != entry.getValue()) {
          store.adopt(entry.getValue());
        }
      }
      return new BlockWeights(
          shape(block),
          tensors,
          () -> {
            store.close();
            weights.close();
          });
    } catch (RuntimeException e) {
      store.close();
      weights.close();
      throw e;
    }
  }

  private void compensate(
      Map<WeightSlot, NDArray> tensors, SubLayer subLayer, WeightSlot biasSlot) {
    compensation
        .of(subLayer)
        .ifPresent(
            bias -> {
              NDArray addition = TorchScope.current().array(bias, bias.length);
              NDArray present = tensors.get(biasSlot);
              tensors.put(biasSlot, present == null ? addition : addition.add(present));
            });
  }

  static NDArray indices(long[] indices) {
    return TorchScope.current().manager().create(indices);
  }

  static boolean isUntouched(BlockPlan plan, SubLayerKind kind) {
    return kind == SubLayerKind.ATTENTION ? plan.keepsAllHeadGroups() : plan.keepsAllChannels();
  }

  /** Leaves the dense blocks open: they belong to whoever opened them. */
  @Override
  public void close() {
    // owns nothing between loads
  }

  BlockSource dense() {
    return dense;
  }
}
