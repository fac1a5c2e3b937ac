package org.espalier.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextFingerprintTest {
  private static TokenWindows windows(long seed, int count, int length) {
    Random random = new Random(seed);
    return TokenWindows.of(
        IntStream.range(0, count)
            .mapToObj(i -> random.ints(length, 0, 500).toArray())
            .toArray(int[][]::new));
  }

  @Test
  void the_same_text_is_recognised_wherever_it_was_cut() {
    int[] stream = new Random(1).ints(20_000, 0, 500).toArray();
    TextFingerprint calibration = TextFingerprint.of("text", TokenWindows.cut(stream, 128, "text"));
    int[] shifted = IntStream.range(37, stream.length).map(i -> stream[i]).toArray();

    assertThat(calibration.shareOf(TokenWindows.cut(stream, 128, "text"))).isEqualTo(1);
    // Runs across the borders of the old windows are new.
    assertThat(calibration.shareOf(TokenWindows.cut(shifted, 128, "text"))).isBetween(0.3, 0.8);
    assertThat(calibration.shareOf(windows(2, 100, 128))).isZero();
  }

  @Test
  void a_part_of_a_long_text_is_told_as_its_share() {
    TokenWindows calibration = windows(3, 400, 256);
    TextFingerprint fingerprint = TextFingerprint.of("text", calibration);
    int[][] mixed = windows(4, 100, 256).toArray();
    for (int i = 0; i < 25; i++) {
      mixed[4 * i] = calibration.window(i);
    }

    assertThat(fingerprint.hashes()).hasSize(4096);
    assertThat(fingerprint.shareOf(TokenWindows.of(mixed))).isCloseTo(0.25, within(0.05));
  }

  @Test
  void windows_too_short_to_tell_share_nothing() {
    TokenWindows tiny = windows(5, 10, 4);

    assertThat(TextFingerprint.of("text", tiny).shareOf(tiny)).isZero();
    assertThat(TextFingerprint.of("text", windows(6, 3, 64)).shareOf(tiny)).isZero();
  }
}
