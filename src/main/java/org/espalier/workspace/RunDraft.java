package org.espalier.workspace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.espalier.corpus.TextFingerprint;
import org.espalier.task.EspalierException;

/**
 * A run being made. Its files are written into {@link #folder()}; nothing shows under the final
 * name before {@link #publish}. Closing an unpublished draft removes it; the draft of a killed
 * program is removed when the workspace is opened next.
 */
public final class RunDraft implements AutoCloseable {
  private final String id;
  private final Path folder;
  private final Path target;
  private final boolean replace;
  private final FolderLock lock;
  private final UnaryOperator<Run> naming;
  private boolean over;

  RunDraft(
      String id,
      Path folder,
      Path target,
      boolean replace,
      FolderLock lock,
      UnaryOperator<Run> naming) {
    this.id = id;
    this.folder = folder;
    this.target = target;
    this.replace = replace;
    this.lock = lock;
    this.naming = naming;
  }

  /** The run's future id. */
  public String id() {
    return id;
  }

  /** Where the checkpoint files and plan.json go; does not exist at first. */
  public Path folder() {
    return folder;
  }

  /** Where the run will be found. */
  public Path target() {
    return target;
  }

  /** Notes what the run was calibrated on, so that its evaluation can warn of the same text. */
  public void noteCalibration(TextFingerprint calibration) {
    RunFiles.writeCalibration(folder, calibration);
  }

  /** Keeps the search that the run came out of. */
  public void keepSearch(KeptSearch search) {
    SearchFile.write(folder, search);
  }

  /**
   * Writes {@code run.json} and the measurements, makes everything durable and moves it under its
   * final name in one step.
   *
   * @param run what was made; its id and folder are set here, and its name is made unique
   * @return the run as kept
   */
  public Run publish(Run run) {
    if (over) {
      throw new IllegalStateException("this draft is over");
    }
    if (!Files.isDirectory(folder)) {
      throw new IllegalStateException("nothing was written to " + folder);
    }
    Run named = naming.apply(run);
    RunFiles.write(folder, named);
    if (!named.perplexities().isEmpty() || named.speed().isPresent()) {
      RunFiles.writeMeasurements(folder, named.perplexities(), named.speed());
    }
    try {
      Folders.syncAll(folder);
      if (replace && Files.exists(target)) {
        replaceTarget();
      } else {
        Folders.move(folder, target);
      }
    } catch (IOException e) {
      throw new EspalierException("Cannot write the run " + target + ": " + e.getMessage(), e);
    }
    over = true;
    lock.closeAndDelete();
    return RunFiles.read(target);
  }

  private void replaceTarget() throws IOException {
    Path old = replaced(target, id);
    Folders.move(target, old);
    try {
      Folders.move(folder, target);
    } catch (EspalierException e) {
      Folders.move(old, target);
      throw e;
    }
    Folders.delete(old);
  }

  /** Where a run waits that is being replaced by the draft of this id. */
  static Path replaced(Path target, String id) {
    return target.resolveSibling("." + target.getFileName() + ".old-" + id);
  }

  /** Removes the draft unless it was published. */
  @Override
  public void close() {
    if (over) {
      return;
    }
    over = true;
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the draft " + folder, e);
    } finally {
      lock.closeAndDelete();
    }
  }
}
