package org.espalier.workspace;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.espalier.task.EspalierException;

/**
 * Measured numbers by what they depend on: the same checkpoint under the same protocol is not
 * measured twice.
 */
public final class ResultCache {
  private final Path folder;

  ResultCache(Path folder) {
    this.folder = folder;
  }

  /**
   * A known result; a damaged file counts as unknown and is replaced by the next measurement.
   *
   * @param kind a short word ("perplexity")
   * @param key everything that the result depends on, in any form
   */
  public <T> Optional<T> find(String kind, String key, Class<T> type) {
    Path file = file(kind, key);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JsonFile.read(file, type));
    } catch (EspalierException e) {
      return Optional.empty();
    }
  }

  /** Keeps a result; two programs that know it at the same time take turns. */
  public void store(String kind, String key, Object result) {
    FolderLock lock = FolderLock.acquire(folder.resolve("results.lock"));
    try {
      JsonFile.write(file(kind, key), result);
    } finally {
      lock.close();
    }
  }

  private Path file(String kind, String key) {
    return folder.resolve(kind + "-" + Journal.sha256(key).substring(0, 24) + ".json");
  }
}
