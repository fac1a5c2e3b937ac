package org.espalier.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds files of a checkpoint by plain name and keeps every name inside the folder, links included.
 *
 * <p>One kind of link outwards is followed: the cache of the Hugging Face hub keeps the files of
 * {@code snapshots/<revision>} as links into {@code blobs} beside {@code snapshots}.
 */
final class CheckpointFolder {
  private static final List<String> PICKLES =
      List.of(".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle");

  private final Path folder;
  private final Path realFolder;

  private CheckpointFolder(Path folder, Path realFolder) {
    this.folder = folder;
    this.realFolder = realFolder;
  }

  static CheckpointFolder of(Path path) {
    Path folder = path.toAbsolutePath().normalize();
    if (!Files.exists(folder)) {
      throw new CheckpointException(folder, "does not exist; choose a checkpoint folder");
    }
    if (!Files.isDirectory(folder)) {
      throw new CheckpointException(
          folder, "is a file; choose the folder that holds config.json and the weights");
    }
    try {
      return new CheckpointFolder(folder, folder.toRealPath());
    } catch (IOException e) {
      throw new CheckpointException(folder, "cannot be read: " + e.getMessage(), e);
    }
  }

  Path path() {
    return folder;
  }

  /**
   * A regular file of the folder.
   *
   * @param name a plain file name
   * @return empty when there is no such file
   * @throws CheckpointException when the name or its link leaves the folder, or names no regular
   *     file
   */
  Optional<Path> find(String name) {
    Path file = resolve(name);
    if (!Files.exists(file)) {
      if (Files.isSymbolicLink(file)) {
        throw new CheckpointException(
            file, "is a link to a file that does not exist; fetch or copy the file itself");
      }
      return Optional.empty();
    }
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(file, "is not a regular file");
    }
    requireInside(file);
    return Optional.of(file);
  }

  private Path resolve(String name) {
    boolean plain =
        !name.isEmpty()
            && !name.equals(".")
            && !name.equals("..")
            && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ');
    if (!plain) {
      throw new CheckpointException(
          folder, "names the file '" + name + "', which is not a plain name inside the folder");
    }
    try {
      return folder.resolve(name);
    } catch (InvalidPathException e) {
      throw new CheckpointException(
          folder, "names the file '" + name + "', which is no valid file name", e);
    }
  }

  private void requireInside(Path file) {
    Path real;
    try {
      real = file.toRealPath();
    } catch (IOException e) {
      throw new CheckpointException(file, "cannot be read: " + e.getMessage(), e);
    }
    if (!real.startsWith(realFolder) && !isHubBlob(real)) {
      throw new CheckpointException(
          file, "is a link to " + real + ", outside the folder; copy the file itself here");
    }
  }

  private boolean isHubBlob(Path real) {
    Path snapshots = realFolder.getParent();
    return snapshots != null
        && snapshots.getParent() != null
        && snapshots.endsWith("snapshots")
        && real.startsWith(snapshots.resolveSibling("blobs"));
  }

  /** Why a folder without safetensors weights cannot be opened, in the user's terms. */
  CheckpointException withoutWeights() {
    List<String> names;
    try (Stream<Path> entries = Files.list(folder)) {
      names = entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      return new CheckpointException(folder, "cannot be read: " + e.getMessage(), e);
    }
    if (names.contains("adapter_config.json")) {
      return new CheckpointException(
          folder, "holds a LoRA adapter without its base model; merge the two and open the result");
    }
    Optional<String> other = names.stream().filter(n -> hasSuffix(n, ".safetensors")).findFirst();
    if (other.isPresent()) {
      return new CheckpointException(
          folder,
          "has "
              + other.get()
              + " but neither model.safetensors nor model.safetensors.index.json; fetch the missing"
              + " file");
    }
    Optional<String> pickle =
        names.stream().filter(n -> PICKLES.stream().anyMatch(s -> hasSuffix(n, s))).findFirst();
    if (pickle.isPresent()) {
      return new CheckpointException(
          folder.resolve(pickle.get()),
          "is a pickle file, and opening one can run code hidden in it, so it is refused; save the"
              + " model again as safetensors (in Transformers: save_pretrained) and open that");
    }
    return new CheckpointException(
        folder,
        "has no weights: neither model.safetensors nor model.safetensors.index.json; choose the"
            + " folder of a Hugging Face checkpoint");
  }

  private static boolean hasSuffix(String name, String suffix) {
    return name.toLowerCase(Locale.ROOT).endsWith(suffix);
  }
}
