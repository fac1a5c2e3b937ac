package org.espalier.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The size of the processor's largest cache; known on Linux. */
final class ProcessorCache {
  private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");

  private ProcessorCache() {}

  static OptionalLong bytes() {
    OptionalLong largest = OptionalLong.empty();
    for (int index = 0; index < 8; index++) {
      Path file = CACHES.resolve("index" + index).resolve("size");
      try {
        String size = Files.readString(file).strip();
        long unit = size.endsWith("M") ? 1L << 20 : 1L << 10;
        long bytes = unit * Long.parseLong(size.replaceAll("[KM]$", ""));
        largest = OptionalLong.of(Math.max(bytes, largest.orElse(0)));
      } catch (IOException | NumberFormatException e) {
        // No such cache, or another system.
        continue;
      }
    }
    return largest;
  }
}
