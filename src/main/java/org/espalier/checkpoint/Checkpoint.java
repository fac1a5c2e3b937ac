package org.espalier.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.espalier.task.Progress;

/**
 * A folder in Hugging Face layout, validated when it is opened and read through mappings only.
 *
 * <p>Weights are {@code model.safetensors}, or the shards that {@code model.safetensors.index.json}
 * names. No tensor byte is read before it is asked for. Safe to use from several threads.
 */
public final class Checkpoint implements AutoCloseable {
  private static final String CONFIGURATION = "config.json";
  private static final String SINGLE_FILE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private final CheckpointFolder folder;
  private final Path configurationFile;
  private final ObjectNode configuration;
  private final Map<String, TensorInfo> tensors;
  private final Map<Path, MappedFile> mappings = new HashMap<>();
  private String hash;
  private boolean closed;

  private Checkpoint(
      CheckpointFolder folder,
      Path configurationFile,
      ObjectNode configuration,
      Map<String, TensorInfo> tensors) {
    this.folder = folder;
    this.configurationFile = configurationFile;
    this.configuration = configuration;
    this.tensors = Collections.unmodifiableMap(tensors);
    for (TensorInfo tensor : tensors.values()) {
      mappings.computeIfAbsent(tensor.file(), MappedFile::new);
    }
  }

  /**
   * Opens and validates a checkpoint.
   *
   * @throws CheckpointException naming file, tensor and reason when anything is missing, damaged,
   *     contradictory or unsafe
   */
  public static Checkpoint open(Path path) {
    CheckpointFolder folder = CheckpointFolder.of(path);
    Optional<Path> single = folder.find(SINGLE_FILE);
    Optional<Path> index = single.isPresent() ? Optional.empty() : folder.find(INDEX);
    if (single.isEmpty() && index.isEmpty()) {
      throw folder.withoutWeights();
    }
    Path configurationFile =
        folder
            .find(CONFIGURATION)
            .orElseThrow(
                () ->
                    new CheckpointException(
                        folder.path(),
                        "has weights but no config.json; copy it from the model's origin"));
    ObjectNode configuration = StrictJson.readObject(configurationFile);
    Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    List<TensorInfo> found =
        single.isPresent()
            ? SafetensorsHeader.read(single.get()).tensors()
            : readShards(folder, ShardIndex.read(index.get()));
    for (TensorInfo tensor : found) {
      tensors.put(tensor.name(), tensor);
    }
    if (tensors.isEmpty()) {
      throw new CheckpointException(single.orElseThrow(), "holds no tensors");
    }
    return new Checkpoint(folder, configurationFile, configuration, tensors);
  }

  private static List<TensorInfo> readShards(CheckpointFolder folder, ShardIndex index) {
    Map<String, List<TensorInfo>> tensorsOfShard = new LinkedHashMap<>();
    for (String name : index.shards()) {
      Path shard =
          folder
              .find(name)
              .orElseThrow(
                  () ->
                      new CheckpointException(
                          index.file(), "names the shard " + name + ", which is missing"));
      tensorsOfShard.put(name, SafetensorsHeader.read(shard).tensors());
    }
    index.requireAgreement(tensorsOfShard);
    return tensorsOfShard.values().stream().flatMap(List::stream).toList();
  }

  /** The folder, absolute. */
  public Path folder() {
    return folder.path();
  }

  /** config.json as a tree of its own: changing it changes nothing here. */
  public JsonNode configuration() {
    return configuration.deepCopy();
  }

  /** Every tensor by name, in the order of the files and of the bytes in them. Unmodifiable. */
  public Map<String, TensorInfo> tensors() {
    return tensors;
  }

  /**
   * A tensor that must be there.
   *
   * @throws CheckpointException when it is missing
   */
  public TensorInfo tensor(String name) {
    TensorInfo tensor = tensors.get(name);
    if (tensor == null) {
      throw new CheckpointException(
          folder(), name, "is missing; the checkpoint is incomplete or of another family");
    }
    return tensor;
  }

  /** Bytes of all tensors together. */
  public long tensorBytes() {
    return tensors.values().stream().mapToLong(TensorInfo::byteLength).sum();
  }

  /** {@link #hash(Progress)} without reports. */
  public String hash() {
    return hash(Progress.SILENT);
  }

  /**
   * A hash of the content: SHA-256, in hex, over config.json and over name, dtype, shape and bytes
   * of every tensor. It does not depend on the folder's name or on sharding. Reads all weights the
   * first time; later calls are free.
   */
  public synchronized String hash(Progress progress) {
    if (hash == null) {
      hash = ContentHash.of(this, configurationFile, progress);
    }
    return hash;
  }

  /**
   * Maps a slice of a tensor's bytes.
   *
   * @param tensor a tensor of this checkpoint
   * @param fromByte first byte, counted from the tensor's start
   * @param byteCount number of bytes
   * @return a direct, read-only, little-endian buffer of exactly these bytes; it stays valid after
   *     {@link #close()}, but native code must never write to it
   * @throws CheckpointException when the file has changed since it was opened
   */
  public ByteBuffer map(TensorInfo tensor, long fromByte, int byteCount) {
    Objects.checkFromIndexSize(fromByte, byteCount, tensor.byteLength());
    MappedFile mapping = mappings.get(tensor.file());
    if (mapping == null || !tensor.equals(tensors.get(tensor.name()))) {
      throw new IllegalArgumentException(tensor.name() + " is not of the checkpoint " + folder());
    }
    if (isClosed()) {
      throw new IllegalStateException("the checkpoint " + folder() + " is closed");
    }
    return mapping.slice(tensor.offset() + fromByte, byteCount);
  }

  /**
   * A file beside the weights, for example {@code tokenizer.json}.
   *
   * @param name a plain file name
   * @throws CheckpointException when the name or its link leaves the folder
   */
  public Optional<Path> file(String name) {
    return folder.find(name);
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** Lets go of the mappings; the system unmaps them once no slice is reachable. */
  @Override
  public synchronized void close() {
    closed = true;
    mappings.values().forEach(MappedFile::release);
  }
}
