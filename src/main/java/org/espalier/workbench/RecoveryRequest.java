package org.espalier.workbench;

import java.nio.file.Path;
import java.util.Optional;
import org.espalier.recovery.RecoverySettings;

/**
 * How to train a run, on what, and where to keep the result.
 *
 * @param file what is learned from; empty for stories like those that the sample model learned from
 * @param name of the new run, shown to people
 * @param folder where the new run goes; empty for the workspace
 * @param overwrite whether an existing folder is replaced once the new one is complete
 */
public record RecoveryRequest(
    RecoverySettings settings,
    Kind kind,
    Optional<Path> file,
    String name,
    Optional<Path> folder,
    boolean overwrite) {
  /** What the file holds. */
  public enum Kind {
    /** Plain text, JSONL with a text field, or token windows as .json. */
    TEXT,
    /** Instructions with responses in the format of Alpaca. */
    INSTRUCTIONS
  }
}
