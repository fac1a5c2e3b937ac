package org.espalier.checkpoint;

import java.nio.file.Path;
import java.util.Optional;
import org.espalier.task.EspalierException;

/**
 * A checkpoint cannot be read or written: names the file, the tensor if one is concerned, and why.
 */
public final class CheckpointException extends EspalierException {
  private static final int LONGEST_MESSAGE = 1000;

  private final transient Path file;
  private final String tensor;
  private final String reason;
  private boolean advised;

  public CheckpointException(Path file, String tensor, String reason, Throwable cause) {
    super(printable(file + (tensor == null ? "" : ", tensor " + tensor) + ": " + reason), cause);
    this.file = file;
    this.tensor = tensor;
    this.reason = reason;
  }

  public CheckpointException(Path file, String tensor, String reason) {
    this(file, tensor, reason, null);
  }

  public CheckpointException(Path file, String reason, Throwable cause) {
    this(file, null, reason, cause);
  }

  public CheckpointException(Path file, String reason) {
    this(file, null, reason, null);
  }

  /** Names come from files that nobody vouches for: no control characters, no endless lines. */
  private static String printable(String message) {
    String line = message.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\u2028\\u2029]", "?");
    return line.length() <= LONGEST_MESSAGE
        ? line
        : line.substring(0, LONGEST_MESSAGE / 2)
            + " ... "
            + line.substring(line.length() - LONGEST_MESSAGE / 2);
  }

  /** The same with what to do about it. */
  CheckpointException advising(String advice) {
    return new CheckpointException(file, tensor, reason + "; " + advice, getCause()).advised();
  }

  /** Notes that the reason already says what to do. */
  CheckpointException advised() {
    advised = true;
    return this;
  }

  /** Whether it says what to do. */
  boolean hasAdvice() {
    return advised;
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
