package org.espalier.transformer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.espalier.checkpoint.CheckpointWriter;
import org.espalier.checkpoint.DType;
import org.espalier.checkpoint.TensorSpec;
import org.espalier.task.Progress;

/**
 * Random checkpoints of realistic size; speed and memory do not depend on what weights say. All
 * have heads of 64 and a vocabulary of 32,000.
 */
public record BenchmarkModel(DType type, int hiddenSize, int blocks, BlockShape shape) {
  private static final int HEAD = 64;
  private static final int VOCABULARY = 32000;

  /** 125 million parameters in float32. */
  public static final BenchmarkModel SMALL =
      new BenchmarkModel(DType.F32, 768, 12, new BlockShape(12, 4, 2048));

  /** Blocks of 51 million parameters in BF16. */
  public static final BenchmarkModel WIDE =
      new BenchmarkModel(DType.BF16, 2048, 6, new BlockShape(32, 32, 5632));

  /** Parameters of one block. */
  public long blockParameters() {
    long parameters = 0;
    for (WeightSlot slot : WeightSlot.values()) {
      if (!slot.isBias() && DecoderForm.PLAIN.has(slot)) {
        parameters +=
            Arrays.stream(slot.dimensions(shape, hiddenSize, HEAD)).reduce(1, (a, b) -> a * b);
      }
    }
    return parameters;
  }

  /** Parameters of the embedding; the head has as many. */
  public long embeddingParameters() {
    return (long) VOCABULARY * hiddenSize;
  }

  /** Writes the checkpoint unless the folder is there already. */
  public Path write(Path folder) {
    if (Files.isDirectory(folder)) {
      return folder;
    }
    ObjectNode config = new ObjectMapper().createObjectNode();
    config
        .put("model_type", "llama")
        .put("hidden_size", hiddenSize)
        .put("num_attention_heads", shape.queryHeads())
        .put("num_key_value_heads", shape.headGroups())
        .put("intermediate_size", shape.channels())
        .put("num_hidden_layers", blocks)
        .put("vocab_size", VOCABULARY);
    List<TensorSpec> tensors = new ArrayList<>();
    tensors.add(spec(DecoderLayout.EMBEDDING, VOCABULARY, hiddenSize));
    tensors.add(spec(DecoderLayout.HEAD, VOCABULARY, hiddenSize));
    tensors.add(spec(DecoderLayout.FINAL_NORM, hiddenSize));
    for (int block = 0; block < blocks; block++) {
      for (WeightSlot slot : WeightSlot.values()) {
        if (!slot.isBias() && DecoderForm.PLAIN.has(slot)) {
          tensors.add(
              spec(
                  TensorNames.LLAMA.stored(slot, block), slot.dimensions(shape, hiddenSize, HEAD)));
        }
      }
    }
    SplittableRandom random = new SplittableRandom(1);
    return new CheckpointWriter(folder)
        .configuration(config)
        .write(
            tensors,
            sink -> tensors.forEach(tensor -> sink.write(tensor.name(), noise(tensor, random))),
            written -> {},
            Progress.SILENT);
  }

  private TensorSpec spec(String name, long... dimensions) {
    return new TensorSpec(name, type, Arrays.stream(dimensions).boxed().toList());
  }

  private ByteBuffer noise(TensorSpec tensor, SplittableRandom random) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(tensor.byteLength())).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      float value = (float) random.nextDouble(-0.05, 0.05);
      if (type == DType.F32) {
        bytes.putFloat(value);
      } else {
        bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
      }
    }
    return bytes.flip();
  }
}
