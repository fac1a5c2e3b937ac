package org.espalier.ui.heatmap;

/**
 * Colours of the picture beside the colour map, as opaque ARGB.
 *
 * @param background behind everything
 * @param track the empty part of a bar
 * @param bar the kept part of a bar
 * @param cut the cut lines
 * @param hatch lines over removed units
 * @param plain units without a score
 */
public record EspalierPalette(int background, int track, int bar, int cut, int hatch, int plain) {
  public static final EspalierPalette LIGHT =
      new EspalierPalette(0xffffffff, 0xffe2e4e1, 0xff2d6e50, 0xffb8532a, 0xffb9b9c6, 0xffcfd6d2);
  public static final EspalierPalette DARK =
      new EspalierPalette(0xff1c2123, 0xff30373a, 0xff5fb78e, 0xffe08a5c, 0xff4b5260, 0xff3c4548);
}
