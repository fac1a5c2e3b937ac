package org.espalier.workbench;

import java.nio.file.Path;
import org.espalier.allocation.ModelCosts;
import org.espalier.allocation.PrunableModel;

/**
 * A checkpoint that is open on a device.
 *
 * @param id unique while the program runs
 * @param name shown to people: the folder's name or "sample model"
 * @param family "llama", "mistral", ...
 * @param dtype of its weights ("BF16")
 * @param bytes of its weights
 * @param costs what its widths cost at inference
 * @param sample true for the embedded sample model, which brings its own texts
 */
public record OpenedCheckpoint(
    long id,
    String name,
    Path folder,
    String family,
    int hiddenSize,
    int vocabularySize,
    String dtype,
    long bytes,
    ModelCosts costs,
    boolean hasTokenizer,
    boolean sample,
    String device) {
  /** Whether text can be put before it, so that the program's own can stand in for one. */
  public boolean readsText() {
    return sample || hasTokenizer;
  }

  /** Units and parameters. */
  public PrunableModel model() {
    return costs.model();
  }
}
