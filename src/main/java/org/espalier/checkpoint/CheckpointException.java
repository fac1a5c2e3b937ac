package org.espalier.checkpoint;

import java.nio.file.Path;
import java.util.Optional;
import org.espalier.task.EspalierException;

/**
 * A checkpoint cannot be read or written: names the file, the tensor if one is concerned, and why.
 */
public final class CheckpointException extends EspalierException {
  private final transient Path file;
  private final String tensor;
  private final String reason;

  public CheckpointException(Path file, String tensor, String reason, Throwable cause) {
    super(file + (tensor == null ? "" : ", tensor " + tensor) + ": " + reason, cause);
    this.file = file;
    this.tensor = tensor;
    this.reason = reason;
  }

  public CheckpointException(Path file, String tensor, String reason) {
    this(file, tensor, reason, null);
  }

  public CheckpointException(Path file, String reason) {
    this(file, null, reason, null);
  }

  public Path file() {
    return file;
  }

  public Optional<String> tensor() {
    return Optional.ofNullable(tensor);
  }

  public String reason() {
    return reason;
  }
}
