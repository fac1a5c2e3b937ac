package org.espalier.export;

import java.util.Optional;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;

/** A form in which a pruned model can leave the program. Registered in {@link ExportTargets}. */
public interface ExportTarget {
  /** As in {@code --target name}. */
  String name();

  /** For people. */
  String title();

  /** What it holds and which programs open it. */
  String description();

  /** Why this target cannot hold the model and what to choose instead; empty if it can. */
  Optional<String> refusal(ModelOutline model);

  /**
   * Writes the model. What is written is read back and its logits on eight tokens are held against
   * those of the model before anything appears under the final name.
   *
   * @throws EspalierException if the target cannot hold the model, the folder may not be written,
   *     or the check fails; nothing is left behind then
   */
  ExportReport export(PrunedModel model, ExportOptions options, Progress progress);
}
