package org.espalier.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Writes a flat folder that appears under its name complete and verified, or not at all.
 *
 * <p>Everything is written into a hidden sibling, flushed to the disk, shown to the verification,
 * and then renamed. A failure or a cancel removes the sibling; what a killed process leaves is
 * removed by the next writer in the same place.
 */
public final class FolderWriter {
  /** Name of the file that says what was exported and how it was proved. */
  public static final String MANIFEST = "export.json";

  /** A folder with one of these was written by a program like this and may be replaced. */
  private static final List<String> REPLACEABLE = List.of("config.json", MANIFEST);

  /** Left free on the disk beyond the content itself. */
  private static final long SPARE_BYTES = 16L << 20;

  private final Path target;
  private final List<Path> protectedFolders = new ArrayList<>();
  private final Map<String, byte[]> texts = new LinkedHashMap<>();
  private final Map<String, Path> copies = new LinkedHashMap<>();
  private boolean replacing;
  private FreeSpace freeSpace = folder -> Files.getFileStore(folder).getUsableSpace();

  /** Bytes that may still be written in a folder. */
  @FunctionalInterface
  interface FreeSpace {
    long in(Path folder) throws IOException;
  }

  /** Writes the large files into the folder that it is given. */
  @FunctionalInterface
  public interface Content {
    void writeInto(Path folder) throws IOException;
  }

  /** Starts a folder of this name; its parent is created when needed. */
  public FolderWriter(Path target) {
    this.target = target.toAbsolutePath().normalize();
    if (this.target.getFileName() == null) {
      throw new CheckpointException(target, "cannot hold a checkpoint; name a folder in it");
    }
  }

  /** A folder that must survive: the target may not be it, lie in it or contain it. */
  public FolderWriter protecting(Path source) {
    protectedFolders.add(source);
    return this;
  }

  /** Whether an existing checkpoint or export under the target's name may be replaced. */
  public FolderWriter replacing(boolean allowed) {
    replacing = allowed;
    return this;
  }

  /** A small file. */
  public FolderWriter file(String name, byte[] content) {
    texts.put(requirePlain(name), content.clone());
    return this;
  }

  /** A file that travels along under its own name. */
  public FolderWriter copy(Path file) {
    copies.put(requirePlain(file.getFileName().toString()), file);
    return this;
  }

  boolean hasFile(String name) {
    return texts.containsKey(name);
  }

  FolderWriter freeSpace(FreeSpace measure) {
    freeSpace = measure;
    return this;
  }

  /**
   * Writes the folder.
   *
   * @param contentBytes size of what {@code content} writes
   * @param verification sees the complete folder before it is renamed and may add small files; what
   *     it throws leaves nothing behind. It must close what it opens
   * @return the target, absolute
   * @throws CheckpointException if the target exists or is protected, or the disk is full
   */
  public Path write(long contentBytes, Content content, Consumer<Path> verification) {
    requireTargetAllowed();
    try {
      Files.createDirectories(target.getParent());
      WorkFolder.removeAbandoned(target.getParent()); // What they hold is free again.
      requireSpace(contentBytes);
      try (WorkFolder work = WorkFolder.create(target)) {
        writeContent(work.path(), content);
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

  private static String requirePlain(String name) {
    if (name.isEmpty() || !Path.of(name).equals(Path.of(name).getFileName())) {
      throw new IllegalArgumentException("'" + name + "' is not a plain file name");
    }
    return name;
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
    if (!isEmpty() && REPLACEABLE.stream().map(target::resolve).noneMatch(Files::exists)) {
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

  private void requireSpace(long contentBytes) throws IOException {
    long needed = Math.addExact(SPARE_BYTES, contentBytes);
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

  private void writeContent(Path folder, Content content) throws IOException {
    try {
      writeSmallFiles(folder);
      content.writeInto(folder);
    } catch (IOException | CheckpointException | UncheckedIOException e) {
      boolean failedToWrite = e instanceof IOException || e.getCause() instanceof IOException;
      if (failedToWrite && freeSpace.in(target.getParent()) < SPARE_BYTES) {
        throw new CheckpointException(
            target,
            "was not written, because the disk filled up meanwhile; free some of it or choose"
                + " another disk",
            e);
      }
      throw e;
    }
  }

  private static long megabytes(long bytes) {
    return (bytes + 999_999) / 1_000_000;
  }

  private void writeSmallFiles(Path folder) throws IOException {
    for (Map.Entry<String, Path> copy : copies.entrySet()) {
      // Copies the bytes behind a link, not the link.
      Files.copy(copy.getValue(), folder.resolve(copy.getKey()));
    }
    for (Map.Entry<String, byte[]> text : texts.entrySet()) {
      Files.write(folder.resolve(text.getKey()), text.getValue());
    }
  }
}
