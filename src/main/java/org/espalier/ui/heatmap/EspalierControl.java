package org.espalier.ui.heatmap;

import java.util.List;
import java.util.Optional;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.AccessibleAttribute;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.canvas.Canvas;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import javafx.util.Duration;
import org.espalier.report.heatmap.EspalierLayout;
import org.espalier.report.heatmap.EspalierLayout.Hit;
import org.espalier.report.heatmap.EspalierLayout.Part;
import org.espalier.report.heatmap.EspalierPainter;
import org.espalier.report.heatmap.EspalierPicture;
import org.espalier.report.heatmap.EspalierWording;
import org.espalier.report.heatmap.EspalierWords;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.ui.platform.Messages;

/**
 * The espalier as a control: painted pixels, words and marks over them, and a layer for what the
 * pointer and the keyboard stand on. Rows too low for words are enlarged while pointed at.
 */
public final class EspalierControl extends Region {
  private final HeatmapViewModel viewModel;
  private final Messages messages;
  private final EspalierWording wording;
  private final PixelLayer pixels = new PixelLayer();
  private final PixelLayer lens = new PixelLayer();
  private final Canvas words = new Canvas();
  private final Canvas over = new Canvas();
  private final EspalierMarks marks;
  private final EspalierKeys keys;
  private final Tooltip tooltip = new Tooltip();
  private final ObjectProperty<HeatmapColours> colours =
      new SimpleObjectProperty<>(HeatmapColours.LIGHT);
  private final DoubleProperty textScale = new SimpleDoubleProperty(1);
  private final ReadOnlyStringWrapper pointedAt = new ReadOnlyStringWrapper("");
  private EspalierLayout layout;
  private Optional<Hit> hovered = Optional.empty();
  private double hoveredX;
  private Hit dragged;
  private boolean byKeyboard;

  public EspalierControl(HeatmapViewModel viewModel, Messages messages) {
    this.viewModel = viewModel;
    this.messages = messages;
    wording =
        new EspalierWording(
            messages.text("heatmap.block"),
            messages.text("heatmap.attentionKept"),
            count -> messages.text("heatmap.headGroups", count),
            count -> messages.text("heatmap.headGroupsShort", count),
            count -> messages.text("heatmap.channelsPlain", count),
            (count, bins) -> messages.text("heatmap.channels", count, bins),
            messages.text("heatmap.feedForwardKept"),
            messages.text("heatmap.keptShort"),
            messages.text("heatmap.removed"));
    marks = new EspalierMarks(viewModel, wording, over, lens);
    keys = new EspalierKeys(viewModel);
    getChildren().addAll(pixels.node(), words, lens.node(), over);
    getStyleClass().add("espalier");
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.TABLE_VIEW);
    setAccessibleRoleDescription(messages.text("heatmap.role"));
    setAccessibleText(messages.text("heatmap.accessible"));
    setId("espalier");
    setMinSize(420, 160);
    tooltip.setShowDelay(Duration.millis(350));
    tooltip.setWrapText(true);
    tooltip.setMaxWidth(340);
    viewModel
        .picture()
        .addListener(
            (property, before, after) -> {
              if (before != null && after != null && !before.model().equals(after.model())) {
                keys.focus(SubLayer.attention(0));
                byKeyboard = false;
              }
              requestLayout();
            });
    viewModel.selection().chosen().addListener((property, before, after) -> paintMarks());
    colours.addListener((property, before, after) -> requestLayout());
    textScale.addListener((property, before, after) -> requestLayout());
    focusVisibleProperty()
        .addListener(
            (property, before, visible) -> {
              byKeyboard = visible;
              paintMarks();
            });
    focusedProperty()
        .addListener(
            (property, before, after) -> {
              paintMarks();
              tell();
            });
    setOnMouseMoved(this::point);
    setOnMouseExited(event -> leave());
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

  /** What is under the pointer or the keyboard's mark, in words. */
  public ReadOnlyStringProperty pointedAtProperty() {
    return pointedAt.getReadOnlyProperty();
  }

  /** The sub-layer that the keyboard acts on. */
  public SubLayer focusedSubLayer() {
    return keys.focused();
  }

  /** How many units of a sub-layer the picture keeps. */
  public int kept(SubLayer subLayer) {
    return viewModel.picture().get().kept().kept(subLayer);
  }

  /** Present geometry, in this control's coordinates; null before a picture was painted. */
  public EspalierLayout geometry() {
    return layout;
  }

  @Override
  public Object queryAccessibleAttribute(AccessibleAttribute attribute, Object... parameters) {
    EspalierPicture picture = viewModel.picture().get();
    return switch (attribute) {
      case ROW_COUNT -> picture == null ? 0 : picture.model().blocks().size();
      case COLUMN_COUNT -> SubLayerKind.values().length;
      default -> super.queryAccessibleAttribute(attribute, parameters);
    };
  }

  @Override
  protected void layoutChildren() {
    paint();
  }

  @Override
  protected double computePrefWidth(double height) {
    return 760;
  }

  @Override
  protected double computePrefHeight(double width) {
    return 600;
  }

  private void paint() {
    EspalierPicture picture = viewModel.picture().get();
    double width = Math.floor(getWidth());
    double height = Math.floor(getHeight());
    for (Canvas canvas : new Canvas[] {words, over}) {
      if (canvas.getWidth() != width || canvas.getHeight() != height) {
        canvas.setWidth(width);
        canvas.setHeight(height);
      }
      canvas.getGraphicsContext2D().clearRect(0, 0, width, height);
    }
    if (picture == null || width < 1 || height < 1) {
      pixels.clear();
      lens.clear();
      layout = null;
      return;
    }
    layout = new EspalierLayout(picture.model(), picture.columns().size(), width, height);
    if (keys.focused().block() >= picture.model().blocks().size()) {
      keys.focus(SubLayer.attention(0));
    }
    int background = colours.get().palette().background();
    EspalierPainter painter = new EspalierPainter(colours.get().palette());
    pixels.paint(width, height, background, surface -> painter.paint(picture, layout, surface));
    new EspalierWords(wording, colours.get().palette())
        .paint(
            picture, layout, new CanvasLettering(words.getGraphicsContext2D(), 0, textScale.get()));
    paintMarks();
    tell();
  }

  private void paintMarks() {
    boolean keyboard = isFocused() && byKeyboard;
    marks.paint(
        layout,
        hovered,
        hoveredX,
        keyboard ? Optional.of(keys.focused()) : Optional.empty(),
        colours.get(),
        textScale.get());
  }

  private void point(MouseEvent event) {
    if (layout == null) {
      return;
    }
    hovered = layout.hit(event.getX(), event.getY());
    hoveredX = event.getX();
    setCursor(hovered.map(hit -> cursor(hit, event.getX())).orElse(Cursor.DEFAULT));
    showTooltip(
        hovered
            .map(viewModel::explain)
            .orElseGet(
                () ->
                    event.getY() < layout.headerHeight()
                        ? viewModel.explainColumn(columnAt(event.getX()))
                        : ""));
    tell();
    paintMarks();
  }

  private int columnAt(double x) {
    for (int column = 0; column < viewModel.picture().get().columns().size(); column++) {
      for (SubLayerKind kind : SubLayerKind.values()) {
        if (layout.column(kind, column).contains(x)) {
          return column;
        }
      }
    }
    return -1;
  }

  private void showTooltip(String text) {
    if (text.isEmpty()) {
      Tooltip.uninstall(this, tooltip);
      tooltip.hide();
    } else if (!text.equals(tooltip.getText()) || tooltip.getText().isEmpty()) {
      tooltip.setText(text);
      Tooltip.install(this, tooltip);
    } else {
      Tooltip.install(this, tooltip);
    }
  }

  /** Describes what is pointed at, or else what the keyboard stands on. */
  private void tell() {
    if (hovered.isPresent() && layout != null) {
      pointedAt.set(describe(hovered.get()));
    } else {
      pointedAt.set(isFocused() && byKeyboard ? viewModel.describe(keys.focused()) : "");
    }
    setAccessibleText(
        pointedAt.get().isEmpty() ? messages.text("heatmap.accessible") : pointedAt.get());
  }

  private Cursor cursor(Hit hit, double x) {
    if (!viewModel.isEditable()) {
      return Cursor.DEFAULT;
    }
    return switch (hit.part()) {
      case NUMBER, PADLOCK -> Cursor.HAND;
      case KEPT -> Cursor.H_RESIZE;
      case COLUMN -> Cursor.DEFAULT;
      case UNITS -> isOnCut(hit, x) ? Cursor.H_RESIZE : Cursor.DEFAULT;
    };
  }

  private boolean isOnCut(Hit hit, double x) {
    EspalierPicture picture = viewModel.picture().get();
    return picture.hasCutLine()
        && layout.isNearCut(hit.subLayer(), picture.kept().kept(hit.subLayer()), x);
  }

  private String describe(Hit hit) {
    return switch (hit.part()) {
      case NUMBER -> messages.text("hover.number", layout.model().number(hit.subLayer().block()));
      case PADLOCK, KEPT -> viewModel.describe(hit.subLayer());
      case COLUMN -> viewModel.describeColumn(hit.subLayer(), hit.column());
      case UNITS -> {
        int[] bin = layout.binAt(hit.subLayer(), hoveredX);
        yield bin[0] == bin[1]
            ? viewModel.describe(hit.subLayer())
            : viewModel.describe(hit.subLayer(), bin[0], bin[1]);
      }
    };
  }

  private void leave() {
    hovered = Optional.empty();
    showTooltip("");
    tell();
    paintMarks();
  }

  private void press(MouseEvent event) {
    byKeyboard = false;
    requestFocus();
    // A scroll pane around the control would take the focus from it.
    event.consume();
    if (layout == null || event.getButton() != MouseButton.PRIMARY) {
      return;
    }
    layout
        .hit(event.getX(), event.getY())
        .ifPresent(
            hit -> {
              keys.focus(hit.subLayer());
              if (event.isShiftDown()) {
                viewModel.selection().extendTo(hit.subLayer().block(), kinds(hit));
              } else if (event.isShortcutDown()) {
                viewModel.selection().toggle(subLayers(hit));
              } else {
                act(hit, event);
              }
              paintMarks();
            });
  }

  private static List<SubLayerKind> kinds(Hit hit) {
    return hit.part() == Part.NUMBER
        ? List.of(SubLayerKind.values())
        : List.of(hit.subLayer().kind());
  }

  private static List<SubLayer> subLayers(Hit hit) {
    return kinds(hit).stream().map(kind -> new SubLayer(hit.subLayer().block(), kind)).toList();
  }

  private void act(Hit hit, MouseEvent event) {
    if (!viewModel.selection().contains(hit.subLayer())) {
      viewModel.selection().clear();
    }
    viewModel.selection().startAt(hit.subLayer());
    switch (hit.part()) {
      case NUMBER -> viewModel.draft().toggleBlockLock(hit.subLayer().block());
      case PADLOCK -> viewModel.toggleLocks(hit.subLayer());
      case KEPT -> startDrag(hit, event.getX());
      case COLUMN, UNITS -> {
        if (isOnCut(hit, event.getX())) {
          dragged = hit;
        } else if (event.getClickCount() == 2) {
          viewModel.enlarge(hit.subLayer().block());
        }
      }
    }
  }

  private void startDrag(Hit hit, double x) {
    dragged = hit;
    if (layout.bar(hit.subLayer().kind()).contains(x)) {
      dragTo(x);
    }
  }

  private void drag(MouseEvent event) {
    if (dragged != null && layout != null) {
      dragTo(event.getX());
      event.consume();
    }
  }

  private void dragTo(double x) {
    viewModel.setKept(dragged.subLayer(), layout.keptAt(dragged.subLayer(), dragged.part(), x));
  }

  private void release() {
    if (dragged != null) {
      dragged = null;
      viewModel.draft().closeGesture();
    }
  }

  private void key(KeyEvent event) {
    EspalierPicture picture = viewModel.picture().get();
    if (picture == null || event.isAltDown()) {
      return;
    }
    if (keys.press(picture, event)) {
      byKeyboard = true;
      hovered = Optional.empty();
      paintMarks();
      tell();
      event.consume();
    }
  }
}
