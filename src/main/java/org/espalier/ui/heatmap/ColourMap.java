package org.espalier.ui.heatmap;

/**
 * The viridis colour map: perceptually uniform, readable with every common colour vision and in
 * grey. Interpolated between sampled anchors.
 */
public final class ColourMap {
  private static final int[] ANCHORS = {
    0x440154, 0x481567, 0x482677, 0x453781, 0x404788, 0x39568c, 0x33638d, 0x2d708e, 0x287d8e,
    0x238a8d, 0x1f968b, 0x20a387, 0x29af7f, 0x3cbb75, 0x55c667, 0x73d055, 0x95d840, 0xb8de29,
    0xdce319, 0xfde725
  };
  private static final int[] COLOURS = new int[256];

  static {
    for (int i = 0; i < COLOURS.length; i++) {
      double place = i / 255.0 * (ANCHORS.length - 1);
      int anchor = Math.min((int) place, ANCHORS.length - 2);
      COLOURS[i] =
          mix(0xff000000 | ANCHORS[anchor], 0xff000000 | ANCHORS[anchor + 1], place - anchor);
    }
  }

  private ColourMap() {}

  /** Opaque ARGB for a position from 0 to 1. */
  public static int colour(double position) {
    return COLOURS[(int) Math.round(255 * Math.max(0, Math.min(1, position)))];
  }

  /** Between two opaque colours: 0 gives the first. */
  static int mix(int first, int second, double share) {
    int mixed = 0xff;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int a = first >> shift & 0xff;
      int b = second >> shift & 0xff;
      mixed = mixed << 8 | (int) Math.round(a + (b - a) * share);
    }
    return mixed;
  }
}
