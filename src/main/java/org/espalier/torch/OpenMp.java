package org.espalier.torch;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settings of the library that spreads an operation over cores. It reads them from the process's
 * environment when it is loaded, so they are put there before.
 */
final class OpenMp {
  private static final Logger LOG = LoggerFactory.getLogger(OpenMp.class);

  private OpenMp() {}

  /** The C library's own view of the environment, which Java's is only a copy of. */
  private interface Environment extends Library {
    int setenv(String name, String value, int overwrite);
  }

  /**
   * Makes idle threads sleep instead of spinning. On a machine that does other work as well,
   * spinning threads take the cores from those that they wait for. A policy that the user set
   * stays.
   */
  static void waitPassively() {
    if (Platform.isWindows()) {
      return;
    }
    try {
      Native.load(Platform.C_LIBRARY_NAME, Environment.class)
          .setenv("OMP_WAIT_POLICY", "passive", 0);
    } catch (LinkageError e) {
      LOG.warn("Threads will spin while they wait: {}", e.getMessage());
    }
  }
}
