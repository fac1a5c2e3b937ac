package org.espalier.transformer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.espalier.checkpoint.CheckpointWriter;
import org.espalier.checkpoint.DType;
import org.espalier.checkpoint.TensorSpec;
import org.espalier.task.Progress;

/** A random decoder of hidden size 16 with heads of 4 whose blocks have any widths. */
final class SmallCheckpoint {
  private static final int HIDDEN = 16;
  private static final int HEAD = 4;
  private static final int VOCABULARY = 40;

  private record Content(List<Long> shape, float[] elements) {}

  final ObjectNode config = new ObjectMapper().createObjectNode();
  private final Map<String, Content> tensors = new LinkedHashMap<>();
  private final SplittableRandom random = new SplittableRandom(11);

  SmallCheckpoint(List<BlockShape> shapes) {
    config
        .put("model_type", "llama")
        .put("hidden_size", HIDDEN)
        .put("num_attention_heads", 4)
        .put("num_key_value_heads", 2)
        .put("head_dim", HEAD)
        .put("intermediate_size", 12)
        .put("num_hidden_layers", shapes.size())
        .put("vocab_size", VOCABULARY)
        .put("rms_norm_eps", 1e-5);
    random(DecoderLayout.EMBEDDING, VOCABULARY, HIDDEN);
    for (int block = 0; block < shapes.size(); block++) {
      BlockShape shape = shapes.get(block);
      config
          .withObject("/per_layer_config")
          .putObject(String.format("%02d", block))
          .put("num_attention_heads", shape.queryHeads())
          .put("num_key_value_heads", shape.headGroups())
          .put("intermediate_size", shape.channels());
      for (WeightSlot slot : WeightSlot.values()) {
        if (!slot.isBias() && DecoderForm.PLAIN.has(slot) && shape.units(slot.kind()) > 0) {
          random(TensorNames.LLAMA.stored(slot, block), slot.dimensions(shape, HIDDEN, HEAD));
        }
      }
    }
    random(DecoderLayout.FINAL_NORM, HIDDEN);
    random(DecoderLayout.HEAD, VOCABULARY, HIDDEN);
  }

  /** Adds a tensor or replaces one. */
  SmallCheckpoint random(String name, long... shape) {
    List<Long> dimensions = Arrays.stream(shape).boxed().toList();
    float[] elements =
        new float[(int) dimensions.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) random.nextDouble(-0.5, 0.5);
    }
    tensors.put(name, new Content(dimensions, elements));
    return this;
  }

  SmallCheckpoint without(String name) {
    tensors.remove(name);
    return this;
  }

  /** Fills a matrix up with zero rows or columns at its end. */
  void pad(String name, int rows, int columns) {
    Content old = tensors.get(name);
    int oldColumns = Math.toIntExact(old.shape().get(1));
    float[] padded = new float[rows * columns];
    for (int i = 0; i < old.elements().length; i++) {
      padded[i / oldColumns * columns + i % oldColumns] = old.elements()[i];
    }
    tensors.put(name, new Content(List.of((long) rows, (long) columns), padded));
  }

  Path write(Path folder) {
    List<TensorSpec> specs = new ArrayList<>();
    tensors.forEach((name, content) -> specs.add(new TensorSpec(name, DType.F32, content.shape())));
    return new CheckpointWriter(folder)
        .configuration(config)
        .write(
            specs,
            sink ->
                tensors.forEach(
                    (name, content) -> {
                      ByteBuffer bytes =
                          ByteBuffer.allocate(4 * content.elements().length)
                              .order(ByteOrder.LITTLE_ENDIAN);
                      bytes.asFloatBuffer().put(content.elements());
                      sink.write(name, bytes);
                    }),
            written -> {},
            Progress.SILENT);
  }
}
