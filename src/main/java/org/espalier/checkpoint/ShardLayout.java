package org.espalier.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One safetensors file that is to be written: its name, its header and where its tensors go.
 *
 * @param header JSON, padded with spaces so that the data starts at a multiple of eight bytes
 * @param tensors in the order of their bytes
 */
record ShardLayout(String fileName, String header, List<TensorSpec> tensors) {
  private static final int ALIGNMENT = 8;
  private static final JsonMapper MAPPER = new JsonMapper();

  /** Spreads tensors over files of at most {@code shardBytes} each, in the given order. */
  static List<ShardLayout> arrange(List<TensorSpec> tensors, long shardBytes) {
    List<List<TensorSpec>> groups = new ArrayList<>();
    long filled = 0;
    for (TensorSpec tensor : tensors) {
      if (groups.isEmpty() || (filled > 0 && filled + tensor.byteLength() > shardBytes)) {
        groups.add(new ArrayList<>());
        filled = 0;
      }
      groups.get(groups.size() - 1).add(tensor);
      filled += tensor.byteLength();
    }
    List<ShardLayout> shards = new ArrayList<>();
    for (List<TensorSpec> group : groups) {
      String name =
          groups.size() == 1
              ? "model.safetensors"
              : "model-%05d-of-%05d.safetensors".formatted(shards.size() + 1, groups.size());
      shards.add(of(name, group));
    }
    return shards;
  }

  static ShardLayout of(String fileName, List<TensorSpec> group) {
    // Wide elements first, so that every tensor is aligned to its own element.
    List<TensorSpec> tensors =
        group.stream()
            .sorted(Comparator.comparingInt((TensorSpec t) -> t.dtype().bytes()).reversed())
            .toList();
    ObjectNode header = MAPPER.createObjectNode();
    // Transformers refuses files that do not say which framework's layout they use.
    header.putObject(SafetensorsHeader.METADATA_KEY).put("format", "pt");
    long offset = 0;
    for (TensorSpec tensor : tensors) {
      ObjectNode entry = header.putObject(tensor.name()).put("dtype", tensor.dtype().name());
      ArrayNode shape = entry.putArray("shape");
      tensor.shape().forEach(shape::add);
      entry.putArray("data_offsets").add(offset).add(offset + tensor.byteLength());
      offset = Math.addExact(offset, tensor.byteLength());
    }
    return new ShardLayout(fileName, padded(header), tensors);
  }

  private static String padded(ObjectNode header) {
    String json;
    try {
      json = MAPPER.writeValueAsString(header);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree in memory is always writable", e);
    }
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    int padding = Math.floorMod(-bytes, ALIGNMENT);
    if (bytes + padding > SafetensorsHeader.LARGEST_HEADER) {
      throw new IllegalArgumentException("the header of these tensors exceeds the format's limit");
    }
    return json + " ".repeat(padding);
  }

  /** Length word and header: everything before the first tensor. */
  ByteBuffer start() {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(SafetensorsHeader.LENGTH_BYTES + json.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .flip();
  }

  /** Size of the whole file. */
  long fileBytes() {
    return start().remaining() + tensors.stream().mapToLong(TensorSpec::byteLength).sum();
  }
}
