package org.espalier.report;

import org.espalier.evaluation.Protocol;

/** Decides whether two measured numbers may stand side by side. */
public final class ComparableProtocols {
  private ComparableProtocols() {}

  /** True for the same text, windows, rule and number format; the device may differ. */
  public static boolean are(Protocol one, Protocol other) {
    return one.textHash().equals(other.textHash())
        && one.window() == other.window()
        && one.windows() == other.windows()
        && one.bos().equals(other.bos())
        && one.dtype().equals(other.dtype());
  }
}
