package org.espalier.evaluation;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;

/**
 * The C library's heap. It keeps freed memory for later, which hides the next peak; where the
 * library can be asked to give it back to the system, peaks become visible again.
 */
final class NativeHeap {
  private static final Function TRIM = trim();

  private NativeHeap() {}

  /** Gives free memory back to the system where that is possible, otherwise does nothing. */
  static void giveBack() {
    if (TRIM != null) {
      TRIM.invokeInt(new Object[] {0L});
    }
  }

  private static Function trim() {
    try {
      return NativeLibrary.getInstance("c").getFunction("malloc_trim");
    } catch (UnsatisfiedLinkError e) {
      // Only glibc has it.
      return null;
    }
  }
}
