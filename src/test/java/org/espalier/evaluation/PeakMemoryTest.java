package org.espalier.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class PeakMemoryTest {
  private static final int MEBIBYTE = 1 << 20;

  @Test
  void the_peak_counts_native_memory_that_was_touched() {
    PeakMemory peak = PeakMemory.start();
    assumeThat(peak.statement()).contains("resident");

    ByteBuffer buffer = ByteBuffer.allocateDirect(96 * MEBIBYTE);
    for (int i = 0; i < buffer.capacity(); i += 1024) {
      buffer.put(i, (byte) 1);
    }

    assertThat(peak.bytesAboveStart()).isGreaterThan(90L * MEBIBYTE);
    assertThat(peak.bytes()).isGreaterThan(peak.bytesAboveStart());
    assertThat(buffer.get(0)).isEqualTo((byte) 1);
  }
}
