package org.espalier.workbench;

/**
 * Where a pruned model will run, which decides what widths it may have.
 *
 * @param target a name of {@link Workbench#exportTargets}; empty where everything is allowed
 * @param channelMultiple channels come in multiples of it, for quantised kernels and tensor cores;
 *     1 for any number
 */
public record Destination(String target, int channelMultiple) {
  /** Anywhere that takes any widths. */
  public static final Destination ANYWHERE = new Destination("", 1);

  public boolean isAnywhere() {
    return target.isEmpty();
  }
}
