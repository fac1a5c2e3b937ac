package org.espalier.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which shard holds which tensor, from {@code model.safetensors.index.json}.
 *
 * @param file the index itself
 * @param shardOfTensor shard file name of every tensor, in the index's order
 */
record ShardIndex(Path file, Map<String, String> shardOfTensor) {
  private static final String WEIGHT_MAP = "weight_map";

  static ShardIndex read(Path file) {
    ObjectNode root = StrictJson.readObject(file);
    if (!(root.get(WEIGHT_MAP) instanceof ObjectNode weights)) {
      throw new CheckpointException(file, "lacks the object " + WEIGHT_MAP);
    }
    if (weights.isEmpty()) {
      throw new CheckpointException(file, "names no tensors");
    }
    Map<String, String> shardOfTensor = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : weights.properties()) {
      if (!entry.getValue().isTextual()) {
        throw new CheckpointException(file, entry.getKey(), "its shard must be a file name");
      }
      if (!entry.getValue().textValue().endsWith(".safetensors")) {
        throw new CheckpointException(
            file,
            entry.getKey(),
            "lies in '" + entry.getValue().textValue() + "', which is not a safetensors file");
      }
      shardOfTensor.put(entry.getKey(), entry.getValue().textValue());
    }
    return new ShardIndex(file, shardOfTensor);
  }

  /** Shard file names, each once. */
  Set<String> shards() {
    return new LinkedHashSet<>(shardOfTensor.values());
  }

  /** Holds the index against the headers of its shards, in both directions. */
  void requireAgreement(Map<String, List<TensorInfo>> tensorsOfShard) {
    Map<String, String> found = new LinkedHashMap<>();
    tensorsOfShard.forEach(
        (shard, tensors) -> {
          for (TensorInfo tensor : tensors) {
            String earlier = found.put(tensor.name(), shard);
            if (earlier != null) {
              throw new CheckpointException(
                  tensor.file(), tensor.name(), "is also in the shard " + earlier);
            }
          }
        });
    found.forEach(
        (tensor, shard) -> {
          String indexed = shardOfTensor.get(tensor);
          if (!shard.equals(indexed)) {
            throw new CheckpointException(
                file,
                tensor,
                indexed == null
                    ? "is in the shard " + shard + " but not in the index"
                    : "is in the shard " + shard + " but the index says " + indexed);
          }
        });
    for (Map.Entry<String, String> entry : shardOfTensor.entrySet()) {
      if (!found.containsKey(entry.getKey())) {
        throw new CheckpointException(
            file, entry.getKey(), "should be in the shard " + entry.getValue() + " but is not");
      }
    }
  }
}
