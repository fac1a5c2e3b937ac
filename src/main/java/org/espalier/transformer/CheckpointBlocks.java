package org.espalier.transformer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.espalier.checkpoint.DType;
import org.espalier.checkpoint.TensorInfo;
import org.espalier.torch.TensorFiles;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;

/**
 * The blocks of a checkpoint. Placement decides only what is held between uses; what is held or
 * mapped passes through the same widening on every use, so all placements compute the same bits.
 */
final class CheckpointBlocks implements BlockSource {
  private final DecoderLayout layout;
  private final TensorFiles files;
  private final Device device;
  private final TensorStore held;

  /** One map per block when blocks are held; empty when streamed. */
  private final List<Map<WeightSlot, NDArray>> blocks = new ArrayList<>();

  private CheckpointBlocks(DecoderLayout layout, TensorFiles files, Device device) {
    this.layout = layout;
    this.files = files;
    this.device = device;
    held = new TensorStore(device);
  }

  static BlockSource open(
      DecoderLayout layout, TensorFiles files, Device device, BlockPlacement placement) {
    CheckpointBlocks source = new CheckpointBlocks(layout, files, device);
    try {
      return switch (placement) {
        case STREAMED -> source;
        case RESIDENT -> source.isFloat32() ? new HeldBlocks(source, true) : source.hold();
        case RESIDENT_FLOAT32 -> new HeldBlocks(source, true);
      };
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /** Whether widening leaves every tensor as it is, so that holding costs nothing more. */
  private boolean isFloat32() {
    return layout.blocks().stream()
        .flatMap(block -> block.values().stream())
        .allMatch(tensor -> tensor.dtype() == DType.F32);
  }

  private BlockSource hold() {
    for (Map<WeightSlot, TensorInfo> block : layout.blocks()) {
      Map<WeightSlot, NDArray> kept = new EnumMap<>(WeightSlot.class);
      try (TorchScope scope = TorchScope.open(device)) {
        block.forEach(
            (slot, tensor) ->
                kept.put(
                    slot,
                    held.adopt(
                        tensor.dtype() == DType.F32 ? place(tensor) : files.load(tensor, device))));
      }
      blocks.add(kept);
    }
    return this;
  }

  /** On the CPU a view of the file, elsewhere a copy. */
  private NDArray place(TensorInfo tensor) {
    return TorchFunctions.toDevice(files.view(tensor), device);
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public int blocks() {
    return layout.config().blocks();
  }

  @Override
  public BlockShape shape(int block) {
    return layout.config().shape(block);
  }

  @Override
  public BlockWeights load(int block) {
    TensorStore own = new TensorStore(device);
    Map<WeightSlot, NDArray> tensors = new EnumMap<>(WeightSlot.class);
    try (TorchScope scope = TorchScope.open(device)) {
      layout
          .blocks()
          .get(block)
          .forEach(
              (slot, tensor) -> {
                NDArray source = blocks.isEmpty() ? place(tensor) : blocks.get(block).get(slot);
                tensors.put(slot, own.adopt(TorchFunctions.convert(source, DType.F32)));
              });
    } catch (RuntimeException e) {
      own.close();
      throw e;
    }
    return new BlockWeights(shape(block), tensors, own::close);
  }

  @Override
  public void close() {
    held.close();
  }
}
