package org.espalier.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.espalier.task.Progress;

/**
 * Writes a checkpoint folder that appears under its name complete and verified, or not at all (see
 * {@link FolderWriter}). Tensor bytes pass through slice by slice.
 *
 * <pre>{@code
 * new CheckpointWriter(target)
 *     .protecting(source.folder())
 *     .configuration(config)
 *     .copy(source.file("tokenizer.json"))
 *     .write(tensors, sink -> ..., folder -> ..., progress);
 * }</pre>
 */
public final class CheckpointWriter {
  /** The shard size that Transformers writes by default. */
  public static final long DEFAULT_SHARD_BYTES = 5_000_000_000L;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final FolderWriter folder;
  private long shardBytes = DEFAULT_SHARD_BYTES;

  /** Starts a folder of this name; its parent is created when needed. */
  public CheckpointWriter(Path target) {
    folder = new FolderWriter(target);
  }

  /** A folder that must survive: the target may not be it, lie in it or contain it. */
  public CheckpointWriter protecting(Path source) {
    folder.protecting(source);
    return this;
  }

  /** Whether an existing checkpoint under the target's name may be replaced; default no. */
  public CheckpointWriter replacing(boolean allowed) {
    folder.replacing(allowed);
    return this;
  }

  /** Largest size of one safetensors file; a larger tensor gets a file of its own. */
  public CheckpointWriter shardBytes(long bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException("a shard must hold at least one byte");
    }
    shardBytes = bytes;
    return this;
  }

  /** The content of config.json. */
  public CheckpointWriter configuration(JsonNode configuration) {
    return file("config.json", json(configuration));
  }

  /** A file beside the weights. */
  public CheckpointWriter file(String name, byte[] content) {
    folder.file(name, content);
    return this;
  }

  /** A file that travels along under its own name. */
  public CheckpointWriter copy(Path file) {
    folder.copy(file);
    return this;
  }

  CheckpointWriter freeSpace(FolderWriter.FreeSpace measure) {
    folder.freeSpace(measure);
    return this;
  }

  /**
   * Writes the folder.
   *
   * @param tensors every tensor, in the order in which they are spread over shards
   * @param producer hands the bytes of every tensor to the sink that it is given
   * @param verification sees the complete folder before it is renamed; what it throws leaves
   *     nothing behind. It must close what it opens
   * @param progress counts bytes; cancelling leaves nothing behind
   * @return the target, absolute
   * @throws CheckpointException if the target exists or is protected, the disk is full, or tensors
   *     did not get all their bytes
   */
  public Path write(
      List<TensorSpec> tensors,
      Consumer<TensorSink> producer,
      Consumer<Path> verification,
      Progress progress) {
    if (!folder.hasFile("config.json")) {
      throw new IllegalStateException("a checkpoint needs a configuration");
    }
    List<ShardLayout> shards = ShardLayout.arrange(requireDistinct(tensors), shardBytes);
    long bytes = 0;
    for (ShardLayout shard : shards) {
      bytes = Math.addExact(bytes, shard.fileBytes());
    }
    return folder.write(bytes, path -> writeShards(path, shards, producer, progress), verification);
  }

  private static void writeShards(
      Path path, List<ShardLayout> shards, Consumer<TensorSink> producer, Progress progress)
      throws IOException {
    if (shards.size() > 1) {
      Files.write(path.resolve("model.safetensors.index.json"), index(shards));
    }
    try (ShardFiles files = new ShardFiles(path, shards, progress)) {
      producer.accept(files);
      files.requireComplete();
    }
  }

  private static List<TensorSpec> requireDistinct(List<TensorSpec> tensors) {
    if (tensors.isEmpty()) {
      throw new IllegalArgumentException("a checkpoint needs tensors");
    }
    if (tensors.stream().map(TensorSpec::name).distinct().count() != tensors.size()) {
      throw new IllegalArgumentException("two tensors have the same name");
    }
    return tensors;
  }

  private static byte[] json(JsonNode node) {
    try {
      return (MAPPER.writeValueAsString(node) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree in memory is always writable", e);
    }
  }

  private static byte[] index(List<ShardLayout> shards) {
    ObjectNode root = MAPPER.createObjectNode();
    ObjectNode metadata = root.putObject("metadata");
    ObjectNode weightMap = root.putObject("weight_map");
    long total = 0;
    for (ShardLayout shard : shards) {
      for (TensorSpec tensor : shard.tensors()) {
        weightMap.put(tensor.name(), shard.fileName());
        total += tensor.byteLength();
      }
    }
    metadata.put("total_size", total);
    return json(root);
  }
}
