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
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.util.Duration;
import org.espalier.report.heatmap.EspalierLayout;
import org.espalier.report.heatmap.EspalierLayout.Hit;
import org.espalier.report.heatmap.EspalierLayout.Part;
import org.espalier.report.heatmap.EspalierLayout.Span;
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
 *
 * <p>Keys: up and down choose a block, left and right a sub-layer, with Shift several of them; plus
 * and minus change what they keep by one unit (with Shift by a twentieth), L locks, B locks the
 * block, R releases, E evens out, X resets, Enter enlarges the block.
 */
public final class EspalierControl extends Region {
  private static final double LENS = 24;
  private static final double WORDS_FROM = 14;

  private final HeatmapViewModel viewModel;
  private final Messages messages;
  private final EspalierWording wording;
  private final PixelLayer pixels = new PixelLayer();
  private final PixelLayer lens = new PixelLayer();
  private final Canvas words = new Canvas();
  private final Canvas marks = new Canvas();
  private final Tooltip tooltip = new Tooltip();
  private final ObjectProperty<HeatmapColours> colours =
      new SimpleObjectProperty<>(HeatmapColours.LIGHT);
  private final DoubleProperty textScale = new SimpleDoubleProperty(1);
  private final ReadOnlyStringWrapper pointedAt = new ReadOnlyStringWrapper("");
  private EspalierLayout layout;
  private SubLayer focused = SubLayer.attention(0);
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
    getChildren().addAll(pixels.node(), words, lens.node(), marks);
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
                focused = SubLayer.attention(0);
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
    return focused;
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
    for (Canvas canvas : new Canvas[] {words, marks}) {
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
    if (focused.block() >= picture.model().blocks().size()) {
      focused = SubLayer.attention(0);
    }
    int background = colours.get().palette().background();
    EspalierPainter painter = new EspalierPainter(colours.get().palette());
    pixels.paint(
        width, height, scale(), background, surface -> painter.paint(picture, layout, surface));
    new EspalierWords(wording, colours.get().palette())
        .paint(
            picture, layout, new CanvasLettering(words.getGraphicsContext2D(), 0, textScale.get()));
    paintMarks();
    tell();
  }

  private double scale() {
    return getScene() == null || getScene().getWindow() == null
        ? 1
        : getScene().getWindow().getOutputScaleX();
  }

  /** Selection, enlarged row, what is pointed at, what has the keyboard. */
  private void paintMarks() {
    GraphicsContext g = marks.getGraphicsContext2D();
    g.clearRect(0, 0, marks.getWidth(), marks.getHeight());
    lens.node().setVisible(false);
    if (layout == null) {
      return;
    }
    Color accent = colours.get().accent();
    for (SubLayer chosen : viewModel.selection().chosen().get()) {
      Span part = part(chosen.kind());
      double top = layout.rowTop(chosen.block());
      g.setFill(accent.deriveColor(0, 1, 1, 0.2));
      g.fillRect(part.left(), top, part.width(), layout.rowHeight() - 1);
      g.setFill(accent);
      double edge = chosen.kind() == SubLayerKind.ATTENTION ? part.left() : part.right() - 3;
      g.fillRect(edge, top, 3, layout.rowHeight() - 1);
    }
    markHovered(g, accent);
    enlarge(g);
    hovered.ifPresent(hit -> markBin(g, hit));
    if (isFocused() && byKeyboard) {
      Span part = part(focused.kind());
      double top = layout.rowTop(focused.block());
      double height = layout.rowHeight();
      if (layout.rowHeight() < WORDS_FROM) {
        top = lensTop(focused.block());
        height = LENS;
      }
      g.setStroke(accent);
      g.setLineWidth(1.5);
      g.strokeRoundRect(part.left() + 1, top + 1, part.width() - 2, height - 2, 5, 5);
    }
  }

  /** The words of a sub-layer, beside its cells. */
  private Span part(SubLayerKind kind) {
    if (kind == SubLayerKind.ATTENTION) {
      double left = layout.padlock(kind).left() - 2;
      return new Span(left, layout.units(kind).left() - 6 - left);
    }
    double left = layout.bar(kind).left() - 5;
    return new Span(left, layout.width() - 2 - left);
  }

  private void markHovered(GraphicsContext g, Color accent) {
    hovered.ifPresent(
        hit -> {
          g.setFill(accent.deriveColor(0, 1, 1, 0.12));
          double top = layout.rowTop(hit.subLayer().block());
          // Beside the cells, so that their colours stay true.
          double left = layout.units(SubLayerKind.ATTENTION).left() - 4;
          double right = layout.units(SubLayerKind.FEED_FORWARD).right() + 4;
          g.fillRoundRect(0, top, left, layout.rowHeight() - 1, 5, 5);
          g.fillRoundRect(right, top, layout.width() - right, layout.rowHeight() - 1, 5, 5);
        });
  }

  /** Shows a row that has no room for words at a readable height. */
  private void enlarge(GraphicsContext g) {
    EspalierPicture picture = viewModel.picture().get();
    Optional<Integer> block =
        hovered
            .map(hit -> hit.subLayer().block())
            .or(() -> isFocused() && byKeyboard ? Optional.of(focused.block()) : Optional.empty());
    if (block.isEmpty() || picture == null || layout.rowHeight() >= WORDS_FROM) {
      return;
    }
    EspalierLayout enlarged = layout.enlarged(block.get(), LENS);
    double top = lensTop(block.get());
    HeatmapColours colour = colours.get();
    lens.paint(
        layout.width(),
        LENS,
        scale(),
        colour.palette().background(),
        surface ->
            new EspalierPainter(colour.palette())
                .paintRow(picture, enlarged, block.get(), surface));
    lens.node().relocate(0, top);
    lens.node().setVisible(true);
    new EspalierWords(wording, colour.palette())
        .paintRow(
            picture, enlarged, block.get(), true, new CanvasLettering(g, top, textScale.get()));
    g.setStroke(colour.accent());
    g.setLineWidth(1);
    g.strokeRect(0.5, top - 0.5, layout.width() - 1, LENS + 1);
  }

  private double lensTop(int block) {
    double top = layout.rowTop(block) + layout.rowHeight() / 2 - LENS / 2;
    return Math.rint(
        Math.max(layout.headerHeight() - 4, Math.min(layout.height() - LENS - 1, top)));
  }

  private void markBin(GraphicsContext g, Hit hit) {
    if (hit.part() != Part.UNITS || layout.model().units(hit.subLayer()) == 0) {
      return;
    }
    int[] bin = binAt(hit.subLayer(), hoveredX);
    Span span = layout.units(hit.subLayer().kind());
    int units = layout.model().units(hit.subLayer());
    double first = span.left() + span.width() * bin[0] / units;
    double last = span.left() + span.width() * bin[1] / units;
    boolean low = layout.rowHeight() < WORDS_FROM;
    double top = low ? lensTop(hit.subLayer().block()) : layout.rowTop(hit.subLayer().block());
    g.setStroke(colours.get().text());
    g.setLineWidth(1.5);
    g.strokeRect(
        first - 1, top + 1, Math.max(3, last - first) + 1, (low ? LENS : layout.rowHeight()) - 2);
  }

  private int[] binAt(SubLayer subLayer, double x) {
    int units = layout.model().units(subLayer);
    if (units == 0) {
      return new int[] {0, 0};
    }
    int bins = layout.bins(subLayer);
    int unit = Math.min(units - 1, (int) (layout.units(subLayer.kind()).share(x) * units));
    int bin = (int) Math.min(bins - 1L, (long) unit * bins / units);
    // Rounding may put the unit into the next bin.
    while ((long) (bin + 1) * units / bins <= unit) {
      bin++;
    }
    return new int[] {(int) ((long) bin * units / bins), (int) ((long) (bin + 1) * units / bins)};
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
      pointedAt.set(isFocused() && byKeyboard ? viewModel.describe(focused) : "");
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
        int[] bin = binAt(hit.subLayer(), hoveredX);
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
              focused = hit.subLayer();
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
    boolean known =
        event.isShortcutDown()
            ? shortcut(picture, event.getCode())
            : move(picture, event) || edit(event);
    if (known) {
      byKeyboard = true;
      hovered = Optional.empty();
      paintMarks();
      tell();
      event.consume();
    }
  }

  private boolean shortcut(EspalierPicture picture, KeyCode code) {
    switch (code) {
      case A -> viewModel.selection().choose(picture.model().subLayers());
      case SPACE -> viewModel.selection().toggle(List.of(focused));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean move(EspalierPicture picture, KeyEvent event) {
    int last = picture.model().blocks().size() - 1;
    int block =
        switch (event.getCode()) {
          case UP -> Math.max(0, focused.block() - 1);
          case DOWN -> Math.min(last, focused.block() + 1);
          case HOME -> 0;
          case END -> last;
          case LEFT, RIGHT -> focused.block();
          default -> -1;
        };
    if (block < 0) {
      return false;
    }
    SubLayerKind kind =
        event.getCode() == KeyCode.LEFT
            ? SubLayerKind.ATTENTION
            : event.getCode() == KeyCode.RIGHT ? SubLayerKind.FEED_FORWARD : focused.kind();
    if (event.isShiftDown()) {
      if (viewModel.selection().isEmpty()) {
        viewModel.selection().startAt(focused);
      }
      viewModel
          .selection()
          .extendTo(
              block,
              kind == focused.kind()
                      && event.getCode() != KeyCode.LEFT
                      && event.getCode() != KeyCode.RIGHT
                  ? List.of(kind)
                  : List.of(SubLayerKind.values()));
    }
    focused = new SubLayer(block, kind);
    return true;
  }

  private boolean edit(KeyEvent event) {
    boolean far = event.isShiftDown();
    switch (event.getCode()) {
      case PLUS, ADD, EQUALS -> viewModel.change(focused, true, far);
      case MINUS, SUBTRACT, UNDERSCORE -> viewModel.change(focused, false, far);
      case L, SPACE -> viewModel.toggleLocks(focused);
      case B -> viewModel.draft().toggleBlockLock(focused.block());
      case R, DELETE -> viewModel.release(focused);
      case X, BACK_SPACE -> viewModel.reset(focused);
      case E -> viewModel.evenOut();
      case ENTER -> viewModel.enlarge(focused.block());
      case ESCAPE -> viewModel.selection().clear();
      default -> {
        return false;
      }
    }
    return true;
  }
}
