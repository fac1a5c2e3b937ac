package org.espalier.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.espalier.task.Progress;

/**
 * Writes a checkpoint folder that appears under its name complete and verified, or not at all.
 *
 * <p>Everything is written into a hidden sibling, flushed to the disk, shown to the verification,
 * and then renamed. A failure or a cancel removes the sibling; what a killed process leaves is
 * removed by the next writer in the same place. Tensor bytes pass through slice by slice.
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

  /** Left free on the disk beyond the checkpoint itself. */
  private static final long SPARE_BYTES = 16L << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Path target;
  private final List<Path> protectedFolders = new ArrayList<>();
  private final Map<String, byte[]> texts = new LinkedHashMap<>();
  private final Map<String, Path> copies = new LinkedHashMap<>();
  private long shardBytes = DEFAULT_SHARD_BYTES;
  private boolean replacing;
  private FreeSpace freeSpace = folder -> Files.getFileStore(folder).getUsableSpace();

  /** Bytes that may still be written in a folder. */
  @FunctionalInterface
  interface FreeSpace {
    long in(Path folder) throws IOException;
  }

  /** Starts a folder of this name; its parent is created when needed. */
  public CheckpointWriter(Path target) {
    this.target = target.toAbsolutePath().normalize();
    if (this.target.getFileName() == null) {
      throw new CheckpointException(target, "cannot hold a checkpoint; name a folder in it");
    }
  }

  /** A folder that must survive: the target may not be it, lie in it or contain it. */
  public CheckpointWriter protecting(Path source) {
    protectedFolders.add(source);
    return this;
  }

  /** Whether an existing checkpoint under the target's name may be replaced; default no. */
  public CheckpointWriter replacing(boolean allowed) {
    replacing = allowed;
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
    texts.put(requirePlain(name), content.clone());
    return this;
  }

  /** A file that travels along under its own name. */
  public CheckpointWriter copy(Path file) {
    copies.put(requirePlain(file.getFileName().toString()), file);
    return this;
  }

  CheckpointWriter freeSpace(FreeSpace measure) {
    freeSpace = measure;
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
    if (!texts.containsKey("config.json")) {
      throw new IllegalStateException("a checkpoint needs a configuration");
    }
    List<ShardLayout> shards = ShardLayout.arrange(requireDistinct(tensors), shardBytes);
    requireTargetAllowed();
    try {
      Files.createDirectories(target.getParent());
      requireSpace(shards);
      try (WorkFolder work = WorkFolder.create(target)) {
        writeSmallFiles(work.path(), shards);
        try (ShardFiles files = new ShardFiles(work.path(), shards, progress)) {
          producer.accept(files);
          files.requireComplete();
        }
        verification.accept(work.path());
        requireTargetAllowed();
        work.publish();
      }
    } catch (IOException e) {
      throw new CheckpointException(target, "cannot be written: " + reason(e), e);
    }
    return target;
  }

  /**
   * Removes what killed writers left in a folder. Writers do so themselves where they write; this
   * is for places that are looked at before anything is written.
   */
  public static void removeAbandoned(Path parent) {
    try {
      WorkFolder.removeAbandoned(parent);
    } catch (IOException e) {
      throw new CheckpointException(parent, "cannot be cleared: " + reason(e), e);
    }
  }

  private static String reason(IOException e) {
    if (e instanceof FileSystemException failure && failure.getReason() != null) {
      return failure.getFile() + " " + failure.getReason();
    }
    return e.getClass().getSimpleName() + " " + e.getMessage();
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

  private static String requirePlain(String name) {
    if (name.isEmpty() || !Path.of(name).equals(Path.of(name).getFileName())) {
      throw new IllegalArgumentException("'" + name + "' is not a plain file name");
    }
    return name;
  }

  private static byte[] json(JsonNode node) {
    try {
      return (MAPPER.writeValueAsString(node) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree in memory is always writable", e);
    }
  }

  private void requireTargetAllowed() {
    Path real = realPath(target);
    for (Path source : protectedFolders) {
      Path realSource = realPath(source.toAbsolutePath().normalize());
      if (real.startsWith(realSource) || realSource.startsWith(real)) {
        throw new CheckpointException(
            target, "would overwrite or enter its own source " + source + "; name another folder");
      }
    }
    if (!Files.exists(target)) {
      return;
    }
    if (!Files.isDirectory(target)) {
      throw new CheckpointException(target, "is a file; name a folder that does not exist yet");
    }
    if (!replacing) {
      throw new CheckpointException(
          target, "exists already; name another folder or allow it to be replaced");
    }
    if (!isEmpty() && !Files.exists(target.resolve("config.json"))) {
      throw new CheckpointException(
          target, "holds something other than a checkpoint and is not replaced; name another");
    }
  }

  private boolean isEmpty() {
    try (Stream<Path> entries = Files.list(target)) {
      return entries.findAny().isEmpty();
    } catch (IOException e) {
      throw new CheckpointException(target, "cannot be read: " + reason(e), e);
    }
  }

  /** The path with links resolved as far as it exists. */
  private static Path realPath(Path path) {
    Path existing = path;
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null) {
      return path;
    }
    try {
      return existing.toRealPath().resolve(existing.relativize(path)).normalize();
    } catch (IOException e) {
      throw new CheckpointException(existing, "cannot be read: " + reason(e), e);
    }
  }

  private void requireSpace(List<ShardLayout> shards) throws IOException {
    long needed = SPARE_BYTES;
    for (ShardLayout shard : shards) {
      needed = Math.addExact(needed, shard.fileBytes());
    }
    for (Path copy : copies.values()) {
      needed = Math.addExact(needed, Files.size(copy));
    }
    long free = freeSpace.in(target.getParent());
    if (free < needed) {
      throw new CheckpointException(
          target,
          "needs "
              + megabytes(needed)
              + " MB but the disk has only "
              + megabytes(free)
              + " MB free; free some or choose another disk");
    }
  }

  private static long megabytes(long bytes) {
    return (bytes + 999_999) / 1_000_000;
  }

  private void writeSmallFiles(Path folder, List<ShardLayout> shards) throws IOException {
    for (Map.Entry<String, Path> copy : copies.entrySet()) {
      // Copies the bytes behind a link, not the link.
      Files.copy(copy.getValue(), folder.resolve(copy.getKey()));
    }
    for (Map.Entry<String, byte[]> text : texts.entrySet()) {
      Files.write(folder.resolve(text.getKey()), text.getValue());
    }
    if (shards.size() > 1) {
      Files.write(folder.resolve("model.safetensors.index.json"), index(shards));
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
