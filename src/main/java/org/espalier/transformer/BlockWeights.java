package org.espalier.transformer;

import ai.djl.ndarray.NDArray;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.espalier.torch.TensorDictionary;

/**
 * The float32 tensors of one block, on the device, until closed. Slots that the block lacks are
 * empty. The arrays may be views of a file: treat them as read-only.
 */
public final class BlockWeights implements AutoCloseable {
  private final BlockShape shape;
  private final Map<WeightSlot, NDArray> tensors;
  private final TensorDictionary named;
  private final Runnable release;
  private final boolean lent;
  private boolean closed;

  /**
   * Gathers the tensors of a block.
   *
   * @param release run once when these weights are closed; frees what only they use
   */
  public BlockWeights(BlockShape shape, Map<WeightSlot, NDArray> tensors, Runnable release) {
    this.shape = shape;
    EnumMap<WeightSlot, NDArray> copy = new EnumMap<>(WeightSlot.class);
    copy.putAll(tensors);
    this.tensors = Collections.unmodifiableMap(copy);
    this.release = release;
    lent = false;
    named = new TensorDictionary(byName(copy));
  }

  private BlockWeights(BlockWeights adapted, Adapters adapters) {
    shape = adapted.shape;
    tensors = adapted.tensors;
    release = adapted::close;
    lent = false;
    Map<String, NDArray> all = byName(tensors);
    adapters
        .pairs()
        .forEach(
            (slot, pair) -> {
              all.put(name(slot) + "_adapter_in", pair.narrow());
              all.put(name(slot) + "_adapter_out", pair.wide());
            });
    all.put("adapter_scale", adapters.scale());
    all.put("adapter_dropout", adapters.dropout());
    named = new TensorDictionary(all);
  }

  private static Map<String, NDArray> byName(Map<WeightSlot, NDArray> tensors) {
    Map<String, NDArray> byName = new HashMap<>();
    tensors.forEach((slot, tensor) -> byName.put(name(slot), tensor));
    return byName;
  }

  private static String name(WeightSlot slot) {
    return slot.name().toLowerCase(Locale.ROOT);
  }

  private BlockWeights(BlockWeights lender) {
    shape = lender.shape;
    tensors = lender.tensors;
    named = lender.named;
    release = lender.release;
    lent = true;
  }

  /** The same tensors, whose closing frees nothing. */
  public BlockWeights borrowed() {
    return new BlockWeights(this);
  }

  /** The same block with adapters beside its projections; takes these weights over. */
  public BlockWeights adapted(Adapters adapters) {
    return new BlockWeights(this, adapters);
  }

  /**
   * The same tensors without those of one sub-layer, its output bias included, so that a pass
   * leaves the residual stream as it is there. To be closed before this; that frees none of these
   * tensors.
   */
  public BlockWeights without(SubLayerKind kind) {
    EnumMap<WeightSlot, NDArray> rest = new EnumMap<>(WeightSlot.class);
    tensors.forEach(
        (slot, tensor) -> {
          if (slot.kind() != kind) {
            rest.put(slot, tensor);
          }
        });
    BlockShape remaining =
        kind == SubLayerKind.ATTENTION
            ? new BlockShape(0, 0, shape.channels())
            : new BlockShape(shape.queryHeads(), shape.headGroups(), 0);
    return new BlockWeights(remaining, rest, () -> {});
  }

  /**
   * These tensors, with those of one sub-layer from another version of the block, output bias and
   * norm included. To be closed before both; that frees none of their tensors.
   */
  public BlockWeights with(SubLayerKind kind, BlockWeights other) {
    EnumMap<WeightSlot, NDArray> mixed = new EnumMap<>(WeightSlot.class);
    tensors.forEach(
        (slot, tensor) -> {
          if (slot.kind() != kind) {
            mixed.put(slot, tensor);
          }
        });
    other.tensors.forEach(
        (slot, tensor) -> {
          if (slot.kind() == kind) {
            mixed.put(slot, tensor);
          }
        });
    BlockShape theirs = other.shape;
    BlockShape widths =
        kind == SubLayerKind.ATTENTION
            ? new BlockShape(theirs.queryHeads(), theirs.headGroups(), shape.channels())
            : new BlockShape(shape.queryHeads(), shape.headGroups(), theirs.channels());
    return new BlockWeights(widths, mixed, () -> {});
  }

  /** Widths of the block. */
  public BlockShape shape() {
    return shape;
  }

  /** One tensor, if the block has it. */
  public Optional<NDArray> get(WeightSlot slot) {
    return Optional.ofNullable(tensors.get(slot));
  }

  /** One tensor that the block must have. */
  public NDArray require(WeightSlot slot) {
    return get(slot).orElseThrow(() -> new IllegalStateException("the block has no " + slot));
  }

  /** All tensors that the block has. */
  public Map<WeightSlot, NDArray> tensors() {
    return tensors;
  }

  /** A copy of {@link #tensors} in which to exchange some; empty for a block that is gone. */
  public Map<WeightSlot, NDArray> exchangeableTensors() {
    Map<WeightSlot, NDArray> copy = new EnumMap<>(WeightSlot.class);
    copy.putAll(tensors);
    return copy;
  }

  /** The tensors as kernels take them: by lower-case slot name. */
  TensorDictionary named() {
    return named;
  }

  @Override
  public void close() {
    if (!lent && !closed) {
      closed = true;
      named.close();
      release.run();
    }
  }
}
