package org.espalier.ui.session;

import org.espalier.workspace.Run;

/** What the espalier shows: the draft being edited, the dense model, or a run. */
public sealed interface Shown {
  Shown DRAFT = new Draft();
  Shown DENSE = new Dense();

  static Shown run(Run run) {
    return new OfRun(run);
  }

  /** The allocation being edited. */
  record Draft() implements Shown {}

  /** Everything kept. */
  record Dense() implements Shown {}

  /** A finished run, which never changes. */
  record OfRun(Run run) implements Shown {}
}
