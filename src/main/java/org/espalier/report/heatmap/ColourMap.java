package org.espalier.report.heatmap;

/**
 * Perceptually uniform colour maps that read the same with common colour vision deficiencies and in
 * grey. Interpolated between equally spaced colours of the published tables.
 */
public enum ColourMap {
  /** Viridis by Smith, van der Walt and Firing. */
  VIRIDIS(
      0x440154, 0x481567, 0x482677, 0x453781, 0x404788, 0x39568c, 0x33638d, 0x2d708e, 0x287d8e,
      0x238a8d, 0x1f968b, 0x20a387, 0x29af7f, 0x3cbb75, 0x55c667, 0x73d055, 0x95d840, 0xb8de29,
      0xdce319, 0xfde725),
  /** Cividis by Nuñez, Anderton and Renslow. */
  CIVIDIS(
      0x00204d, 0x00336f, 0x39486b, 0x575c6d, 0x707173, 0x8a8779, 0xa69d75, 0xc4b56c, 0xe4cf5b,
      0xffea46),
  /** Equal steps of CIE lightness from 10 to 90, for print. */
  GREY(0x1b1b1b, 0x303030, 0x474747, 0x5e5e5e, 0x777777, 0x919191, 0xababab, 0xc6c6c6, 0xe2e2e2);

  private static final int SHADES = 256;

  /** Written by the constructor only and never handed out. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final int[] colours = new int[SHADES];

  ColourMap(int... anchors) {
    for (int i = 0; i < SHADES; i++) {
      double place = (double) i / (SHADES - 1) * (anchors.length - 1);
      int anchor = Math.min((int) place, anchors.length - 2);
      colours[i] = mix(opaque(anchors[anchor]), opaque(anchors[anchor + 1]), place - anchor);
    }
  }

  /** Opaque ARGB for a position from 0 (least important) to 1. */
  public int colour(double position) {
    return colours[(int) Math.round((SHADES - 1) * Math.max(0, Math.min(1, position)))];
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

  private static int opaque(int rgb) {
    return 0xff000000 | rgb;
  }
}
