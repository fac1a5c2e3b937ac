package org.espalier.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.task.EspalierException;

/**
 * What an unfinished job has done so far: one line of JSON per finished step, durable before {@link
 * #append} returns. A job that was killed or cancelled opens it again and goes on behind the last
 * step. Beside the lines, a job may keep files in {@link #folder()}; it must make them durable
 * before it appends the line that speaks of them.
 *
 * <p>A line that was torn by a crash is dropped with everything after it. Closing keeps the
 * journal, {@link #complete} removes it. For one thread at a time.
 */
public final class Journal implements AutoCloseable {
  private static final String FILE = "journal.jsonl";
  private static final int FORMAT = 1;
  private static final ObjectWriter LINE =
      JsonFile.MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT);

  private final Path folder;
  private final FolderLock lock;
  private final FileChannel channel;
  private final List<JsonNode> entries;
  private boolean closed;

  private Journal(Path folder, FolderLock lock, FileChannel channel, List<JsonNode> entries) {
    this.folder = folder;
    this.lock = lock;
    this.channel = channel;
    this.entries = entries;
  }

  static Journal open(Path journals, String kind, String key) {
    String hash = sha256(key);
    String name = kind + "-" + hash.substring(0, 24);
    Path folder = journals.resolve(name);
    FolderLock lock =
        FolderLock.tryAcquire(lockFile(folder))
            .orElseThrow(
                () ->
                    new EspalierException(
                        "The same job ("
                            + kind
                            + ") is running already; wait for it or cancel it there"));
    FileChannel channel = null;
    try {
      Files.createDirectories(folder);
      channel =
          FileChannel.open(
              folder.resolve(FILE),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      List<JsonNode> entries = new ArrayList<>();
      long good = readGoodLines(folder.resolve(FILE), hash, entries);
      channel.truncate(good);
      channel.position(good);
      Journal journal = new Journal(folder, lock, channel, entries);
      if (good == 0) {
        journal.write(Map.of("journal", kind, "format", FORMAT, "key", hash));
        Folders.sync(folder);
        Folders.sync(journals);
      }
      return journal;
    } catch (IOException e) {
      try {
        if (channel != null) {
          channel.close();
        }
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      lock.close();
      throw new EspalierException(
          "Cannot begin the journal "
              + folder
              + ": "
              + e.getMessage()
              + "; free some space and ask for it again",
          e);
    }
  }

  /** Removes journals that nobody has open and nobody wrote to since {@code limit}. */
  static void sweep(Path journals, Instant limit) {
    try (Stream<Path> entries = Files.list(journals)) {
      for (Path folder : entries.filter(Files::isDirectory).toList()) {
        Path file = folder.resolve(FILE);
        if (Files.exists(file) && Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
          Optional<FolderLock> lock = FolderLock.tryAcquire(lockFile(folder));
          if (lock.isPresent()) {
            Folders.delete(folder);
            lock.get().closeAndDelete();
          }
        }
      }
    } catch (IOException e) {
      // Another program may be sweeping too; what stays is tried again at the next start.
      return;
    }
  }

  private static Path lockFile(Path folder) {
    return folder.resolveSibling(folder.getFileName() + ".lock");
  }

  /** Collects the entries and returns how many bytes of the file are whole lines of this job. */
  private static long readGoodLines(Path file, String hash, List<JsonNode> entries)
      throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int start = 0;
    boolean headed = false;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != '\n') {
        continue;
      }
      Optional<JsonNode> line = parse(new String(bytes, start, i - start, StandardCharsets.UTF_8));
      if (line.isEmpty()) {
        break;
      }
      if (headed) {
        entries.add(line.get());
      } else if (line.get().path("key").asText().equals(hash)
          && line.get().path("format").asInt() == FORMAT) {
        headed = true;
      } else {
        return 0;
      }
      start = i + 1;
    }
    return start;
  }

  private static Optional<JsonNode> parse(String line) {
    try {
      JsonNode node = JsonFile.MAPPER.readTree(line);
      return node == null || node.isMissingNode() ? Optional.empty() : Optional.of(node);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The finished steps, oldest first. */
  public List<JsonNode> entries() {
    return List.copyOf(entries);
  }

  /**
   * The finished steps as values.
   *
   * @throws EspalierException if they are of another shape
   */
  public <T> List<T> entries(Class<T> type) {
    List<T> values = new ArrayList<>();
    for (JsonNode entry : entries) {
      try {
        values.add(JsonFile.MAPPER.treeToValue(entry, type));
      } catch (IOException e) {
        throw new EspalierException(
            folder.resolve(FILE) + " is damaged; remove " + folder + " to begin the job again", e);
      }
    }
    return values;
  }

  /** Adds a finished step; it survives a crash once this returns. */
  public void append(Object entry) {
    try {
      write(entry);
    } catch (IOException e) {
      throw new EspalierException(
          "Cannot write the journal "
              + folder
              + ": "
              + e.getMessage()
              + "; free some space and ask for it again: finished steps are kept",
          e);
    }
    entries.add(JsonFile.MAPPER.valueToTree(entry));
  }

  private void write(Object value) throws IOException {
    byte[] line = (LINE.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
    long start = channel.position();
    try {
      ByteBuffer rest = ByteBuffer.wrap(line);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(false);
    } catch (IOException e) {
      // Half a line would swallow the next one.
      channel.truncate(start);
      throw e;
    }
  }

  /** For larger files of the job; removed with the journal. */
  public Path folder() {
    return folder;
  }

  /** The job is done: removes the journal. */
  public void complete() {
    finish(true);
  }

  /** Keeps the journal for the next attempt. */
  @Override
  public void close() {
    finish(false);
  }

  private void finish(boolean remove) {
    if (closed) {
      return;
    }
    closed = true;
    try {
      channel.close();
      if (remove) {
        Folders.delete(folder);
      }
    } catch (IOException e) {
      throw new EspalierException("Cannot close the journal " + folder + ": " + e.getMessage(), e);
    } finally {
      lock.closeAndDelete();
    }
  }

  static String sha256(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
