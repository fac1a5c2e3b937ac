package org.espalier.report.heatmap;

/**
 * Colours of the picture, as opaque ARGB.
 *
 * @param background behind everything
 * @param text words that matter
 * @param quiet headings and notes
 * @param faint open padlocks and outlines
 * @param track the empty part of a bar
 * @param bar the kept part of a bar, closed padlocks
 * @param cut the cut lines
 * @param hatch lines over removed units
 * @param plain units without a score
 * @param map what scores become
 */
public record EspalierPalette(
    int background,
    int text,
    int quiet,
    int faint,
    int track,
    int bar,
    int cut,
    int hatch,
    int plain,
    ColourMap map) {
  public static final EspalierPalette LIGHT =
      new EspalierPalette(
          0xffffffff,
          0xff1f2624,
          0xff5f6a66,
          0xffb4bcb8,
          0xffe2e4e1,
          0xff2d6e50,
          0xffb8532a,
          0xffb9b9c6,
          0xffcfd6d2,
          ColourMap.VIRIDIS);
  public static final EspalierPalette DARK =
      new EspalierPalette(
          0xff1c2123,
          0xffe8ecea,
          0xff9aa5a1,
          0xff58635f,
          0xff30373a,
          0xff5fb78e,
          0xffe08a5c,
          0xff4b5260,
          0xff3c4548,
          ColourMap.VIRIDIS);

  /** Black on white with heavy hatching, for projectors, print and eyes that need it. */
  public static final EspalierPalette HIGH_CONTRAST =
      new EspalierPalette(
          0xffffffff,
          0xff000000,
          0xff262626,
          0xff6b6b6b,
          0xffc8c8c8,
          0xff004d2e,
          0xff9c1f00,
          0xff3a3a3a,
          0xffb0b0b0,
          ColourMap.CIVIDIS);

  public EspalierPalette with(ColourMap other) {
    return new EspalierPalette(
        background, text, quiet, faint, track, bar, cut, hatch, plain, other);
  }
}
