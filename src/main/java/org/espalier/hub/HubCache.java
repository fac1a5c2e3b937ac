package org.espalier.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import org.espalier.checkpoint.CheckpointException;
import org.espalier.checkpoint.StrictJson;

/**
 * The folder in which programs keep what they fetched from the hub, in the layout of the hub's own
 * client: {@code models--ORG--NAME} with {@code blobs} (files by their hash), {@code snapshots}
 * (one folder of links per commit) and {@code refs} (which commit a branch meant).
 */
final class HubCache {
  private final Path folder;

  HubCache(Path folder) {
    this.folder = folder;
  }

  /** Where the environment says that it is. */
  static HubCache of(Map<String, String> environment) {
    for (String key : new String[] {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"}) {
      String cache = environment.getOrDefault(key, "");
      if (!cache.isBlank()) {
        return new HubCache(expanded(cache));
      }
    }
    return new HubCache(home(environment).resolve("hub"));
  }

  /** The folder of everything that belongs to the hub: {@code HF_HOME}. */
  static Path home(Map<String, String> environment) {
    String home = environment.getOrDefault("HF_HOME", "");
    if (!home.isBlank()) {
      return expanded(home);
    }
    String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
    return caches.isBlank()
        ? expanded("~/.cache/huggingface")
        : expanded(caches).resolve("huggingface");
  }

  static Path expanded(String path) {
    return path.equals("~") || path.startsWith("~/")
        ? Path.of(System.getProperty("user.home") + path.substring(1))
        : Path.of(path);
  }

  Path folder() {
    return folder;
  }

  private Path model(HubModel model) {
    return folder.resolve(model.folderName());
  }

  /** The snapshot of a revision, if it is there with all its weights. */
  Optional<Path> find(HubModel model) {
    return commit(model).map(commit -> snapshot(model, commit)).filter(HubCache::isComplete);
  }

  private Optional<String> commit(HubModel model) {
    if (model.isCommit()) {
      return Optional.of(model.revision());
    }
    try {
      String commit = Files.readString(reference(model)).strip();
      return Optional.of(commit).filter(HubModel::isCommit);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Path reference(HubModel model) {
    return model(model).resolve("refs").resolve(model.revision());
  }

  /** What {@link #snapshot} belongs to, from its place alone. */
  static Optional<String> idOf(Path folder) {
    Path snapshots = folder.toAbsolutePath().normalize().getParent();
    if (snapshots == null || !snapshots.endsWith("snapshots") || snapshots.getParent() == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(snapshots.getParent().getFileName())
        .map(Path::toString)
        .filter(name -> name.startsWith(HubModel.FOLDER_PREFIX))
        .map(name -> name.substring(HubModel.FOLDER_PREFIX.length()).replace("--", "/"));
  }

  Path snapshot(HubModel model, String commit) {
    return model(model).resolve("snapshots").resolve(commit);
  }

  /** Other programs may have fetched some files only. */
  private static boolean isComplete(Path snapshot) {
    if (!Files.isRegularFile(snapshot.resolve("config.json"))) {
      return false;
    }
    if (Files.isRegularFile(snapshot.resolve("model.safetensors"))) {
      return true;
    }
    Path index = snapshot.resolve("model.safetensors.index.json");
    if (!Files.isRegularFile(index)) {
      return false;
    }
    try {
      for (JsonNode shard : StrictJson.readObject(index).path("weight_map")) {
        if (!Files.isRegularFile(snapshot.resolve(shard.asText()))) {
          return false;
        }
      }
      return true;
    } catch (CheckpointException | InvalidPathException e) {
      return false;
    }
  }

  boolean has(HubModel model, String commit, HubFile file) {
    return isWhole(blob(model, file), file)
        || isWhole(snapshot(model, commit).resolve(file.name()), file);
  }

  private static boolean isWhole(Path path, HubFile file) {
    try {
      return Files.isRegularFile(path) && Files.size(path) == file.bytes();
    } catch (IOException e) {
      return false;
    }
  }

  private Path blob(HubModel model, HubFile file) {
    return model(model).resolve("blobs").resolve(file.hash().hex());
  }

  /** Where a file is gathered until it is whole. */
  Path incomplete(HubModel model, HubFile file) throws IOException {
    Path blob = blob(model, file);
    Files.createDirectories(blob.getParent());
    return blob.resolveSibling(blob.getFileName() + ".incomplete");
  }

  /** The file that keeps two programs from fetching the same model at once. */
  Path lock(HubModel model) throws IOException {
    Path locks = folder.resolve(".locks").resolve(model.folderName());
    Files.createDirectories(locks);
    return locks.resolve("espalier.lock");
  }

  /** Gives a gathered and checked file its final name. */
  void keep(HubModel model, HubFile file) throws IOException {
    Files.move(
        incomplete(model, file),
        blob(model, file),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Shows a file under its name in a snapshot. */
  void show(HubModel model, String commit, HubFile file) throws IOException {
    Path shown = snapshot(model, commit).resolve(file.name());
    if (isWhole(shown, file)) {
      return;
    }
    Files.createDirectories(shown.getParent());
    Files.deleteIfExists(shown);
    Path blob = blob(model, file);
    try {
      Files.createSymbolicLink(shown, shown.getParent().relativize(blob));
    } catch (UnsupportedOperationException | IOException e) {
      // Windows without the right to make links: the file itself, as the hub's own client does it.
      Files.move(blob, shown, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Remembers which commit a branch or tag means. */
  void remember(HubModel model, String commit) throws IOException {
    if (model.isCommit()) {
      return;
    }
    Path reference = reference(model);
    Files.createDirectories(reference.getParent());
    Path partial = reference.resolveSibling(reference.getFileName() + ".partial");
    Files.write(partial, commit.getBytes(StandardCharsets.US_ASCII));
    Files.move(
        partial, reference, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
