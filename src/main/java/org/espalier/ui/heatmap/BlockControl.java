package org.espalier.ui.heatmap;

import java.util.Optional;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Label;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import org.espalier.allocation.SubLayerCost;
import org.espalier.report.heatmap.CostPainter;
import org.espalier.report.heatmap.EspalierPicture;
import org.espalier.report.heatmap.Lettering;
import org.espalier.report.heatmap.Lettering.Anchor;
import org.espalier.report.heatmap.ScoreFormat;
import org.espalier.report.heatmap.UnitPlot;
import org.espalier.report.heatmap.UnitPlotPainter;
import org.espalier.report.heatmap.UnitPlotPainter.Area;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.ui.allocation.Draft.Fate;
import org.espalier.ui.platform.Messages;

/**
 * The scores of one sub-layer as a curve with its cut line and as a histogram, and beside them what
 * any cut is predicted to cost. A click marks a unit, the cut line can be dragged.
 *
 * <p>Keys: left and right move the mark (with Shift by a twentieth), K keeps the marked unit, D
 * drops it, S leaves it to its score, plus and minus move the cut, L locks.
 */
public final class BlockControl extends Region {
  private static final double TITLE = 56;
  private static final double LEFT = 46;
  private static final double FOOT = 18;
  private static final double BETWEEN = 26;
  private static final double HISTOGRAM = 0.21;
  private static final double COST = 0.27;
  private static final double NEAR_A_CUT = 5;

  private final BlockViewModel viewModel;
  private final SubLayerKind kind;
  private final Messages messages;
  private final PixelLayer pixels = new PixelLayer();
  private final Canvas words = new Canvas();
  private final Label costInstead = new Label();
  private final ObjectProperty<HeatmapColours> colours =
      new SimpleObjectProperty<>(HeatmapColours.LIGHT);
  private final DoubleProperty textScale = new SimpleDoubleProperty(1);
  private boolean dragging;

  public BlockControl(BlockViewModel viewModel, SubLayerKind kind, Messages messages) {
    this.viewModel = viewModel;
    this.kind = kind;
    this.messages = messages;
    costInstead.getStyleClass().add("note");
    costInstead.setWrapText(true);
    costInstead.setAlignment(Pos.TOP_LEFT);
    getChildren().addAll(pixels.node(), words, costInstead);
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.SLIDER);
    setAccessibleRoleDescription(messages.text("block.role"));
    setMinSize(300, 120);
    setId("block-" + kind);
    viewModel.heatmap().picture().addListener((property, before, after) -> requestLayout());
    viewModel.block().addListener((property, before, after) -> requestLayout());
    viewModel.marked().addListener((property, before, after) -> requestLayout());
    viewModel.costs().addListener((property, before, after) -> requestLayout());
    colours.addListener((property, before, after) -> requestLayout());
    textScale.addListener((property, before, after) -> requestLayout());
    focusedProperty().addListener((property, before, after) -> requestLayout());
    setOnMouseMoved(
        event -> setCursor(isOnCut(event.getX(), event.getY()) ? Cursor.H_RESIZE : null));
    setOnMousePressed(this::press);
    setOnMouseDragged(this::drag);
    setOnMouseReleased(event -> release());
    setOnKeyPressed(this::key);
  }

  ObjectProperty<HeatmapColours> coloursProperty() {
    return colours;
  }

  /** Of words, against their normal size. */
  DoubleProperty textScaleProperty() {
    return textScale;
  }

  /** Where the curve is, in this control's coordinates. */
  public Area curve() {
    double width = room() * (1 - HISTOGRAM - COST);
    return new Area(LEFT, TITLE, Math.max(40, width), Math.max(20, getHeight() - TITLE - FOOT));
  }

  private Area histogram() {
    Area curve = curve();
    return new Area(
        curve.right() + BETWEEN, TITLE, Math.max(20, room() * HISTOGRAM), curve.height());
  }

  private Area cost() {
    Area histogram = histogram();
    double left = histogram.right() + BETWEEN;
    return new Area(left, TITLE, Math.max(20, getWidth() - 8 - left), histogram.height());
  }

  private double room() {
    return getWidth() - 8 - LEFT - 2 * BETWEEN;
  }

  @Override
  protected void layoutChildren() {
    double width = Math.floor(getWidth());
    double height = Math.floor(getHeight());
    words.setWidth(width);
    words.setHeight(height);
    GraphicsContext g = words.getGraphicsContext2D();
    g.clearRect(0, 0, width, height);
    EspalierPicture picture = viewModel.heatmap().picture().get();
    Optional<SubLayer> shown = viewModel.subLayer(kind);
    if (picture == null || picture.scores().isEmpty() || shown.isEmpty() || width < 1) {
      pixels.clear();
      costInstead.setVisible(false);
      return;
    }
    SubLayer subLayer = shown.get();
    UnitPlotPainter painter = new UnitPlotPainter(colours.get().palette());
    Optional<Integer> marked =
        viewModel
            .marked()
            .get()
            .filter(unit -> unit.subLayer().equals(subLayer))
            .map(BlockViewModel.Marked::unit);
    Optional<SubLayerCost> cost = viewModel.costs().get().of().apply(subLayer);
    pixels.paint(
        width,
        height,
        colours.get().palette().background(),
        surface -> {
          painter.paintCurve(picture, subLayer, curve(), marked, surface);
          painter.paintHistogram(picture, subLayer, histogram(), surface);
          cost.ifPresent(
              known ->
                  new CostPainter(colours.get().palette())
                      .paint(known, picture.kept().kept(subLayer), cost(), surface));
        });
    Lettering lettering = new CanvasLettering(g, 0, textScale.get());
    paintWords(picture, subLayer, lettering);
    cost.ifPresent(known -> paintCostWords(known, lettering));
    costInstead.setVisible(cost.isEmpty());
    costInstead.setText(viewModel.cost(subLayer));
    Area place = cost();
    costInstead.resizeRelocate(place.left(), place.top(), place.width(), place.height());
    if (isFocused()) {
      g.setStroke(colours.get().accent());
      g.setLineWidth(1.5);
      Area curve = curve();
      g.strokeRoundRect(
          curve.left() - 3, curve.top() - 4, curve.width() + 6, curve.height() + 8, 5, 5);
    }
    setAccessibleText(
        viewModel.title(subLayer)
            + ". "
            + viewModel.cost(subLayer)
            + ". "
            + viewModel.describeMarked());
  }

  private void paintWords(EspalierPicture picture, SubLayer subLayer, Lettering lettering) {
    int text = colours.get().palette().text();
    int quiet = colours.get().palette().quiet();
    UnitPlot plot = new UnitPlot(picture, subLayer);
    Area curve = curve();
    Area histogram = histogram();
    lettering.set(viewModel.title(subLayer), 0, 9, Anchor.LEFT, 12, true, text);
    lettering.set(viewModel.numbers(subLayer), 0, 26, Anchor.LEFT, 11, false, quiet);
    heading("block.heading.scores", curve, lettering);
    heading("block.heading.histogram", histogram, lettering);
    lettering.set(
        viewModel.costs().get().of().apply(subLayer).isPresent()
            ? viewModel.cost(subLayer)
            : messages.text("block.heading.cost"),
        cost().left(),
        44,
        Anchor.LEFT,
        10,
        false,
        text);
    String top = ScoreFormat.format(plot.top());
    lettering.set(top, curve.left() - 5, curve.top() + 5, Anchor.RIGHT, 10, false, text);
    lettering.set(
        ScoreFormat.format(plot.low()),
        curve.left() - 5,
        curve.bottom() - 5,
        Anchor.RIGHT,
        10,
        false,
        text);
    double foot = curve.bottom() + 11;
    lettering.set(
        messages.text("block.axis." + picture.order() + "." + kind, plot.units()),
        curve.left(),
        foot,
        Anchor.LEFT,
        10,
        false,
        quiet);
    lettering.set(
        plot.top() < plot.high()
            ? messages.text("block.clipped", ScoreFormat.format(plot.high()))
            : "",
        curve.right(),
        foot,
        Anchor.RIGHT,
        10,
        false,
        quiet);
    lettering.set(
        ScoreFormat.format(plot.low()), histogram.left(), foot, Anchor.LEFT, 10, false, text);
    lettering.set(top, histogram.right(), foot, Anchor.RIGHT, 10, false, text);
  }

  private void heading(String key, Area area, Lettering lettering) {
    lettering.set(
        messages.text(key),
        area.left(),
        44,
        Anchor.LEFT,
        10,
        false,
        colours.get().palette().text());
  }

  /** Ends of both axes. */
  private void paintCostWords(SubLayerCost cost, Lettering lettering) {
    int text = colours.get().palette().text();
    Area area = cost();
    lettering.set(
        ScoreFormat.format(cost.most()),
        area.left() + 5,
        area.top() + 5,
        Anchor.LEFT,
        10,
        false,
        text);
    double foot = area.bottom() + 11;
    lettering.set(
        messages.text("block.costAxis.none"), area.left(), foot, Anchor.LEFT, 10, false, text);
    lettering.set(
        messages.text("block.costAxis.all"), area.right(), foot, Anchor.RIGHT, 10, false, text);
  }

  private boolean isOnCut(double x, double y) {
    EspalierPicture picture = viewModel.heatmap().picture().get();
    Area curve = curve();
    return viewModel.heatmap().isEditable()
        && picture.hasCutLine()
        && y >= curve.top()
        && y < curve.bottom()
        && viewModel
            .subLayer(kind)
            .filter(
                subLayer ->
                    Math.abs(x - cutLine(picture, subLayer)) <= NEAR_A_CUT
                        && picture.model().units(subLayer) > 0)
            .isPresent();
  }

  private double cutLine(EspalierPicture picture, SubLayer subLayer) {
    Area curve = curve();
    return curve.left()
        + curve.width() * picture.kept().kept(subLayer) / picture.model().units(subLayer);
  }

  private void press(MouseEvent event) {
    requestFocus();
    event.consume();
    if (event.getButton() != MouseButton.PRIMARY) {
      return;
    }
    dragging = isOnCut(event.getX(), event.getY());
    Area curve = curve();
    if (!dragging && curve.contains(event.getX(), event.getY())) {
      viewModel
          .subLayer(kind)
          .ifPresent(
              subLayer ->
                  viewModel.markPosition(
                      subLayer, UnitPlotPainter.positionAt(curve, units(subLayer), event.getX())));
    }
  }

  private void drag(MouseEvent event) {
    if (dragging) {
      viewModel
          .subLayer(kind)
          .ifPresent(
              subLayer ->
                  viewModel
                      .heatmap()
                      .draft()
                      .setKept(
                          subLayer,
                          UnitPlotPainter.keptAt(curve(), units(subLayer), event.getX())));
      event.consume();
    }
  }

  private void release() {
    if (dragging) {
      dragging = false;
      viewModel.heatmap().draft().closeGesture();
    }
  }

  private int units(SubLayer subLayer) {
    return viewModel.heatmap().picture().get().model().units(subLayer);
  }

  private void key(KeyEvent event) {
    Optional<SubLayer> shown = viewModel.subLayer(kind);
    if (shown.isEmpty() || event.isShortcutDown() || event.isAltDown()) {
      return;
    }
    SubLayer subLayer = shown.get();
    int step = event.isShiftDown() ? Math.max(1, units(subLayer) / 20) : 1;
    switch (event.getCode()) {
      case LEFT -> viewModel.moveMark(subLayer, -step);
      case RIGHT -> viewModel.moveMark(subLayer, step);
      case UP, PAGE_UP -> viewModel.move(-1);
      case DOWN, PAGE_DOWN -> viewModel.move(1);
      case K -> viewModel.decide(Fate.KEPT_BY_HAND);
      case D -> viewModel.decide(Fate.DROPPED_BY_HAND);
      case S -> viewModel.decide(Fate.BY_SCORE);
      case PLUS, ADD, EQUALS -> viewModel.heatmap().change(subLayer, true, event.isShiftDown());
      case MINUS, SUBTRACT, UNDERSCORE ->
          viewModel.heatmap().change(subLayer, false, event.isShiftDown());
      case L -> viewModel.heatmap().draft().toggleLock(subLayer);
      case ESCAPE -> viewModel.close();
      default -> {
        return;
      }
    }
    event.consume();
  }
}
