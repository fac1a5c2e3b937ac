package org.espalier.evaluation.tasks;

/** How a task is answered and judged. */
public enum TaskKind {
  /** The likeliest of given answers. */
  CHOICE,
  /** A number at the end of a free answer, compared exactly. */
  NUMBER,
  /** A free answer that has to follow instructions that rules can check. */
  INSTRUCTIONS,
  /** Source code, written to a file for its official checker; it is never run here. */
  CODE;

  /** True for tasks where the model writes text. */
  public boolean generates() {
    return this != CHOICE;
  }
}
