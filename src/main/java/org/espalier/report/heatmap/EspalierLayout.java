package org.espalier.report.heatmap;

import java.util.Optional;
import org.espalier.allocation.PrunableModel;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Where everything in the picture is, in logical pixels from its top left corner. From left to
 * right: block number, attention's state, attention kept (bar and figure), its columns, head
 * groups, channels, feed-forward kept (bar and figure), its columns, its state.
 */
public final class EspalierLayout {
  /** A span from left to right. */
  public record Span(double left, double width) {
    public double right() {
      return left + width;
    }

    public boolean contains(double x) {
      return x >= left && x < right();
    }

    /** Place of {@code x} in the span, 0 to 1. */
    public double share(double x) {
      return Math.max(0, Math.min(1, (x - left) / width));
    }
  }

  /** Parts of a row that answer to a click. */
  public enum Part {
    NUMBER,
    PADLOCK,
    KEPT,
    COLUMN,
    UNITS
  }

  /**
   * A part of a row under a point; a block number belongs to both sub-layers.
   *
   * @param column which one, for {@link Part#COLUMN}
   */
  public record Hit(SubLayer subLayer, Part part, int column) {
    public Hit(SubLayer subLayer, Part part) {
      this(subLayer, part, 0);
    }
  }

  private static final double HEADER = 24;
  private static final double MARGIN = 6;
  private static final double LOWEST_ROW = 4;
  private static final double HIGHEST_ROW = 150;
  private static final double SMALLEST_CELL = 5;
  private static final double COLUMN = 38;
  private static final double BAR = 44;
  private static final double SHORT_BAR = 22;
  private static final double LONG_BAR = 110;
  private static final double BAR_SHARE = 0.05;
  private static final double ENOUGH_ROOM = 250;
  private static final double SMALLEST_BIN = 2;
  private static final int MOST_BINS = 160;
  private static final double NEAR_A_CUT = 5;

  private final PrunableModel model;
  private final int columns;
  private final double width;
  private final double rowHeight;
  private final double firstRow;
  private final Span number;
  private final Span attentionPadlock;
  private final Span attentionBar;
  private final Span attentionFigure;
  private final Span headGroups;
  private final Span channels;
  private final Span feedForwardBar;
  private final Span feedForwardFigure;
  private final Span feedForwardPadlock;

  /** Lays out the rows of a model without columns. */
  public EspalierLayout(PrunableModel model, double width, double height) {
    this(model, 0, width, height);
  }

  /**
   * Lays out the rows of a model. Rows shrink to fit the height down to 4 pixels; see {@link
   * #height()} for what they take. Bars grow shorter where columns need the room.
   *
   * @param columns beside the kept share of each sub-layer
   */
  public EspalierLayout(PrunableModel model, int columns, double width, double height) {
    this.model = model;
    this.columns = columns;
    this.width = width;
    firstRow = HEADER;
    int rows = Math.max(1, model.blocks().size());
    rowHeight =
        Math.max(LOWEST_ROW, Math.min(HIGHEST_ROW, Math.floor((height - HEADER - 4) / rows)));
    int widest = model.blocks().stream().mapToInt(PrunableModel.Block::headGroups).max().orElse(1);
    double attentionWords = 28 + 13.0 * Integer.toString(widest).length();
    double fixed = 2 * MARGIN + 54 + 20 + 50 + attentionWords + 2 * columns * COLUMN + 60;
    double bar =
        width - fixed - 2 * BAR < ENOUGH_ROOM
            ? SHORT_BAR
            : Math.max(BAR, Math.min(LONG_BAR, width * BAR_SHARE));
    number = new Span(MARGIN, 30);
    attentionPadlock = new Span(number.right() + 4, 20);
    attentionBar = new Span(attentionPadlock.right() + 4, bar);
    attentionFigure = new Span(attentionBar.right() + 4, attentionWords);
    feedForwardPadlock = new Span(width - MARGIN - 20, 20);
    feedForwardFigure = new Span(feedForwardPadlock.left() - 50 - columns * COLUMN, 46);
    feedForwardBar = new Span(feedForwardFigure.left() - bar - 4, bar);
    double left = attentionFigure.right() + columns * COLUMN + 6;
    double right = feedForwardBar.left() - 10;
    double room = Math.max(60, right - left);
    double cells = Math.max(0.16 * room, Math.min(0.36 * room, widest * 18.0));
    headGroups = new Span(left, cells);
    channels = new Span(left + cells + 14, Math.max(20, room - cells - 14));
  }

  private EspalierLayout(EspalierLayout whole, int block, double height) {
    model = whole.model;
    columns = whole.columns;
    width = whole.width;
    rowHeight = height;
    firstRow = -block * height;
    number = whole.number;
    attentionPadlock = whole.attentionPadlock;
    attentionBar = whole.attentionBar;
    attentionFigure = whole.attentionFigure;
    headGroups = whole.headGroups;
    channels = whole.channels;
    feedForwardBar = whole.feedForwardBar;
    feedForwardFigure = whole.feedForwardFigure;
    feedForwardPadlock = whole.feedForwardPadlock;
  }

  /** The same columns with a single row of this height at the top: an enlargement of a block. */
  public EspalierLayout enlarged(int block, double height) {
    return new EspalierLayout(this, block, height);
  }

  public PrunableModel model() {
    return model;
  }

  public double width() {
    return width;
  }

  /** Height of the header and all rows. */
  public double height() {
    return rowTop(model.blocks().size()) + 4;
  }

  public double headerHeight() {
    return HEADER;
  }

  public double rowHeight() {
    return rowHeight;
  }

  public double rowTop(int block) {
    return firstRow + block * rowHeight;
  }

  /** Empty pixels between the cells of two rows. */
  public double rowGap() {
    return rowHeight >= 22 ? 5 : rowHeight >= 12 ? 3 : rowHeight >= 7 ? 2 : 1;
  }

  public Span number() {
    return number;
  }

  public Span padlock(SubLayerKind kind) {
    return kind == SubLayerKind.ATTENTION ? attentionPadlock : feedForwardPadlock;
  }

  public Span bar(SubLayerKind kind) {
    return kind == SubLayerKind.ATTENTION ? attentionBar : feedForwardBar;
  }

  public Span figure(SubLayerKind kind) {
    return kind == SubLayerKind.ATTENTION ? attentionFigure : feedForwardFigure;
  }

  /** Where a figure of an extra column stands. */
  public Span column(SubLayerKind kind, int column) {
    return new Span(figure(kind).right() + column * COLUMN, COLUMN - 6);
  }

  /** Every how many rows words have room. */
  public int labelledRows() {
    return rowHeight >= 14 ? 1 : rowHeight >= 7 ? 2 : 5;
  }

  /** Where the units of a sub-layer are drawn. */
  public Span units(SubLayerKind kind) {
    return kind == SubLayerKind.ATTENTION ? headGroups : channels;
  }

  /**
   * How many cells or bins show the units of a sub-layer; units share one where there are too many.
   */
  public int bins(SubLayer subLayer) {
    int units = model.units(subLayer);
    double width = units(subLayer.kind()).width();
    int most =
        subLayer.kind() == SubLayerKind.ATTENTION
            ? (int) (width / SMALLEST_CELL)
            : Math.min(MOST_BINS, (int) (width / SMALLEST_BIN));
    return Math.max(1, Math.min(units, most));
  }

  /**
   * The units in the cell or bin at a place within a sub-layer's cells: the first, and behind the
   * last.
   */
  public int[] binAt(SubLayer subLayer, double x) {
    int units = model.units(subLayer);
    if (units == 0) {
      return new int[] {0, 0};
    }
    int bins = bins(subLayer);
    int unit = Math.min(units - 1, (int) (units(subLayer.kind()).share(x) * units));
    int bin = (int) Math.min(bins - 1L, (long) unit * bins / units);
    // Rounding may put the unit into the next bin.
    while ((long) (bin + 1) * units / bins <= unit) {
      bin++;
    }
    return new int[] {(int) ((long) bin * units / bins), (int) ((long) (bin + 1) * units / bins)};
  }

  /** True where every unit has a cell of its own, wide enough for a gap. */
  public boolean hasCells(SubLayer subLayer) {
    return units(subLayer.kind()).width() / Math.max(1, model.units(subLayer)) >= 6;
  }

  /** Where the cut line stands when {@code kept} units are kept. */
  public double cut(SubLayer subLayer, int kept) {
    Span span = units(subLayer.kind());
    int units = model.units(subLayer);
    return units == 0 ? span.left() : span.left() + span.width() * kept / units;
  }

  /** How many units a cut line at {@code x} would keep. */
  public int keptAt(SubLayer subLayer, Part part, double x) {
    Span span = part == Part.KEPT ? bar(subLayer.kind()) : units(subLayer.kind());
    return (int) Math.round(span.share(x) * model.units(subLayer));
  }

  public boolean isNearCut(SubLayer subLayer, int kept, double x) {
    return Math.abs(x - cut(subLayer, kept)) <= NEAR_A_CUT;
  }

  public Optional<Hit> hit(double x, double y) {
    int block = (int) Math.floor((y - HEADER) / rowHeight);
    if (block < 0 || block >= model.blocks().size()) {
      return Optional.empty();
    }
    if (x < attentionPadlock.left()) {
      return Optional.of(new Hit(SubLayer.attention(block), Part.NUMBER));
    }
    for (SubLayerKind kind : SubLayerKind.values()) {
      SubLayer subLayer = new SubLayer(block, kind);
      if (padlock(kind).contains(x)) {
        return Optional.of(new Hit(subLayer, Part.PADLOCK));
      }
      if (x >= bar(kind).left() - 2 && x < figure(kind).right()) {
        return Optional.of(new Hit(subLayer, Part.KEPT));
      }
      for (int column = 0; column < columns; column++) {
        if (column(kind, column).contains(x)) {
          return Optional.of(new Hit(subLayer, Part.COLUMN, column));
        }
      }
      // A cut line at either end must stay within reach.
      if (x >= units(kind).left() - NEAR_A_CUT && x <= units(kind).right() + NEAR_A_CUT) {
        return Optional.of(new Hit(subLayer, Part.UNITS));
      }
    }
    return Optional.empty();
  }
}
