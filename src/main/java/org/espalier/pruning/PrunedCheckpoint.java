package org.espalier.pruning;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.checkpoint.CheckpointWriter;
import org.espalier.checkpoint.DType;
import org.espalier.checkpoint.TensorInfo;
import org.espalier.checkpoint.TensorSink;
import org.espalier.checkpoint.TensorSpec;
import org.espalier.task.Progress;
import org.espalier.torch.TensorBytes;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.DecoderLayout;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.WeightSlot;

/**
 * Writes a plan's cut as a checkpoint that this program opens like any other: the dense
 * configuration with {@code per_layer_config}, weights in the element types of the dense
 * checkpoint, compensations as float32 biases. Block by block, so nothing is held whole.
 */
public final class PrunedCheckpoint {
  private static final int COPY_BYTES = 16 << 20;
  private static final List<String> COMPANIONS =
      List.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "tokenizer.model",
          "vocab.json",
          "merges.txt",
          "generation_config.json",
          "chat_template.jinja",
          "LICENSE",
          "LICENSE.txt",
          "NOTICE");

  private final Checkpoint source;
  private final DecoderLayout layout;
  private final Decoder dense;
  private final Plan plan;

  /**
   * @param source the dense checkpoint
   * @param dense the model in it
   */
  public PrunedCheckpoint(Checkpoint source, Decoder dense, Plan plan) {
    this.source = source;
    this.layout = DecoderLayout.of(source);
    this.dense = dense;
    this.plan = plan;
  }

  /**
   * Writes the folder, complete with its plan, or nothing.
   *
   * @param folder must not exist
   */
  public void write(Path folder, Progress progress) {
    CheckpointWriter writer =
        new CheckpointWriter(folder).protecting(source.folder()).configuration(configuration());
    for (String name : COMPANIONS) {
      source.file(name).ifPresent(writer::copy);
    }
    writer.write(
        specs(),
        sink -> {
          copy(layout.embedding(), sink);
          writeBlocks(sink);
          copy(layout.finalNorm(), sink);
          if (!layout.config().tiedEmbeddings()) {
            copy(layout.head(), sink);
          }
        },
        work -> PlanFile.write(work, plan),
        progress);
  }

  private ObjectNode configuration() {
    ObjectNode configuration = source.configuration().deepCopy();
    ObjectNode perLayer = configuration.putObject("per_layer_config");
    for (int block = 0; block < plan.blocks().size(); block++) {
      BlockShape shape = plan.blocks().get(block).pruned();
      perLayer
          .putObject("%02d".formatted(block))
          .put("num_attention_heads", shape.queryHeads())
          .put("num_key_value_heads", shape.headGroups())
          .put("intermediate_size", shape.channels());
    }
    return configuration;
  }

  private List<TensorSpec> specs() {
    List<TensorSpec> specs = new ArrayList<>();
    specs.add(spec(layout.embedding()));
    for (int block = 0; block < plan.blocks().size(); block++) {
      for (WeightSlot slot : WeightSlot.values()) {
        if (isWritten(block, slot)) {
          specs.add(new TensorSpec(slot.tensorName(block), dtype(block, slot), shape(block, slot)));
        }
      }
    }
    specs.add(spec(layout.finalNorm()));
    if (!layout.config().tiedEmbeddings()) {
      specs.add(spec(layout.head()));
    }
    return specs;
  }

  private static TensorSpec spec(TensorInfo tensor) {
    return new TensorSpec(tensor.name(), tensor.dtype(), tensor.shape());
  }

  private boolean isWritten(int block, WeightSlot slot) {
    boolean compensated = slot.isOutputBias() && isCompensated(block, slot);
    boolean present = layout.blocks().get(block).containsKey(slot);
    boolean removed = UnitSlices.isCut(slot) && UnitSlices.kept(slot, block(block)).isEmpty();
    return compensated || (present && !removed);
  }

  private boolean isCompensated(int block, WeightSlot slot) {
    return plan.compensation().of(new SubLayer(block, slot.kind())).isPresent();
  }

  private BlockPlan block(int block) {
    return plan.blocks().get(block);
  }

  private DType dtype(int block, WeightSlot slot) {
    // A compensation is small and worth its full precision.
    return slot.isOutputBias() && isCompensated(block, slot)
        ? DType.F32
        : layout.blocks().get(block).get(slot).dtype();
  }

  private List<Long> shape(int block, WeightSlot slot) {
    List<Long> shape = new ArrayList<>();
    for (long size :
        slot.dimensions(
            block(block).pruned(), layout.config().hiddenSize(), layout.config().headSize())) {
      shape.add(size);
    }
    return shape;
  }

  private void writeBlocks(TensorSink sink) {
    CutBlocks cut = new CutBlocks(dense.blocks(), plan, dense.config().headSize());
    for (int block = 0; block < cut.blocks(); block++) {
      try (TorchScope scope = TorchScope.open(dense.device());
          BlockWeights weights = cut.load(block)) {
        for (Map.Entry<WeightSlot, NDArray> tensor : weights.tensors().entrySet()) {
          WeightSlot slot = tensor.getKey();
          String name = slot.tensorName(block);
          TensorBytes.read(tensor.getValue(), dtype(block, slot), bytes -> sink.write(name, bytes));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void copy(TensorInfo tensor, TensorSink sink) {
    for (long from = 0; from < tensor.byteLength(); from += COPY_BYTES) {
      int count = (int) Math.min(COPY_BYTES, tensor.byteLength() - from);
      ByteBuffer slice = source.map(tensor, from, count);
      sink.write(tensor.name(), slice);
    }
  }
}
