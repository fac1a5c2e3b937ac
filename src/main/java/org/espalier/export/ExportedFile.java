package org.espalier.export;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.checkpoint.CheckpointException;
import org.espalier.task.Progress;

/**
 * One file of an export.
 *
 * @param sha256 of its content, in hex
 */
public record ExportedFile(String name, long bytes, String sha256) {
  private static final int CHUNK = 1 << 20;

  /** Reads every file of a flat folder. */
  static List<ExportedFile> of(Path folder, Progress progress) {
    List<Path> paths;
    try (Stream<Path> entries = Files.list(folder)) {
      paths = entries.sorted().toList();
    } catch (IOException e) {
      throw new CheckpointException(folder, "cannot be read back: " + e.getMessage(), e);
    }
    List<ExportedFile> files = new ArrayList<>();
    for (Path path : paths) {
      progress.report("Checking " + path.getFileName(), files.size(), paths.size());
      files.add(read(path, progress, files.size(), paths.size()));
    }
    return files;
  }

  private static ExportedFile read(Path path, Progress progress, int done, int total) {
    MessageDigest digest = newDigest();
    long bytes = 0;
    try (InputStream input = new DigestInputStream(Files.newInputStream(path), digest)) {
      byte[] buffer = new byte[CHUNK];
      for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
        bytes += count;
        progress.report("Checking " + path.getFileName(), done, total);
      }
    } catch (IOException e) {
      throw new CheckpointException(path, "cannot be read back: " + e.getMessage(), e);
    }
    return new ExportedFile(
        path.getFileName().toString(), bytes, HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
