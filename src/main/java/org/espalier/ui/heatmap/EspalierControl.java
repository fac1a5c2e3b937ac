package org.espalier.ui.heatmap;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.geometry.VPos;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.image.ImageView;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.shape.FillRule;
import javafx.scene.text.Font;
import javafx.scene.text.FontWeight;
import javafx.scene.text.TextAlignment;
import org.espalier.allocation.Hold;
import org.espalier.report.heatmap.EspalierLayout;
import org.espalier.report.heatmap.EspalierLayout.Hit;
import org.espalier.report.heatmap.EspalierLayout.Part;
import org.espalier.report.heatmap.EspalierLayout.Span;
import org.espalier.report.heatmap.EspalierPainter;
import org.espalier.report.heatmap.EspalierPicture;
import org.espalier.report.heatmap.PixelSurface;
import org.espalier.report.heatmap.UnitOrder;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.Icon;
import org.espalier.ui.platform.Messages;

/**
 * The espalier as a control: painted pixels, words and padlocks over them, and a layer for what the
 * pointer and the keyboard stand on.
 *
 * <p>Keys: up and down choose a block, left and right a sub-layer, plus and minus change what it
 * keeps by one unit (with Shift by a twentieth), L locks it, B locks the block, R releases it.
 */
public final class EspalierControl extends Region {
  private final HeatmapViewModel viewModel;
  private final Messages messages;
  private final ImageView pixels = new ImageView();
  private final Canvas words = new Canvas();
  private final Canvas marks = new Canvas();
  private final ObjectProperty<HeatmapColours> colours =
      new SimpleObjectProperty<>(HeatmapColours.LIGHT);
  private final ReadOnlyStringWrapper pointedAt = new ReadOnlyStringWrapper("");
  private EspalierLayout layout;
  private SubLayer focused = SubLayer.attention(0);
  private Optional<Hit> hovered = Optional.empty();
  private double hoveredX;
  private Hit dragged;
  private boolean byKeyboard;
  private WritableImage image;
  private int[] argb = {};
  private PixelBuffer<IntBuffer> buffer;

  public EspalierControl(HeatmapViewModel viewModel, Messages messages) {
    this.viewModel = viewModel;
    this.messages = messages;
    getChildren().addAll(pixels, words, marks);
    getStyleClass().add("espalier");
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.TABLE_VIEW);
    setAccessibleText(messages.text("heatmap.accessible"));
    setId("espalier");
    setMinSize(420, 160);
    viewModel
        .picture()
        .addListener(
            (property, before, after) -> {
              if (before != null && after != null && !before.model().equals(after.model())) {
                focused = SubLayer.attention(0);
                byKeyboard = false;
              }
              requestRepaint();
            });
    colours.addListener((property, before, after) -> requestRepaint());
    focusVisibleProperty()
        .addListener(
            (property, before, visible) -> {
              byKeyboard = visible;
              paintMarks();
            });
    focusedProperty().addListener((property, before, after) -> paintMarks());
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

  private void requestRepaint() {
    requestLayout();
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
      canvas.setWidth(width);
      canvas.setHeight(height);
      canvas.getGraphicsContext2D().clearRect(0, 0, width, height);
    }
    if (picture == null || width < 1 || height < 1) {
      pixels.setImage(null);
      image = null;
      layout = null;
      return;
    }
    layout = new EspalierLayout(picture.model(), width, height);
    if (focused.block() >= picture.model().blocks().size()) {
      focused = SubLayer.attention(0);
    }
    double scale =
        getScene() == null || getScene().getWindow() == null
            ? 1
            : getScene().getWindow().getOutputScaleX();
    int pixelWidth = (int) Math.ceil(width * scale);
    int pixelHeight = (int) Math.ceil(height * scale);
    if (image == null || image.getWidth() != pixelWidth || image.getHeight() != pixelHeight) {
      argb = new int[pixelWidth * pixelHeight];
      buffer =
          new PixelBuffer<>(
              pixelWidth, pixelHeight, IntBuffer.wrap(argb), PixelFormat.getIntArgbPreInstance());
      image = new WritableImage(buffer);
      pixels.setImage(image);
    }
    pixels.setFitWidth(width);
    pixels.setFitHeight(height);
    Arrays.fill(argb, colours.get().palette().background());
    new EspalierPainter(colours.get().palette())
        .paint(picture, layout, new PixelSurface(scale, pixelWidth, pixelHeight, argb));
    buffer.updateBuffer(whole -> null);
    paintWords(picture);
    paintMarks();
    tell();
  }

  private void paintWords(EspalierPicture picture) {
    GraphicsContext g = words.getGraphicsContext2D();
    HeatmapColours colour = colours.get();
    double rowHeight = layout.rowHeight();
    g.setTextBaseline(VPos.CENTER);
    g.setFont(Font.font(11));
    g.setFill(colour.quiet());
    double header = layout.headerHeight() / 2 - 2;
    text(g, messages.text("heatmap.block"), layout.number().right(), header, TextAlignment.RIGHT);
    text(
        g,
        messages.text("heatmap.attentionKept"),
        layout.bar(SubLayerKind.ATTENTION).left() - 22,
        header,
        TextAlignment.LEFT);
    text(
        g,
        messages.text("heatmap.headGroups", widest(picture, SubLayerKind.ATTENTION)),
        layout.units(SubLayerKind.ATTENTION).left(),
        header,
        TextAlignment.LEFT);
    text(
        g,
        channels(picture),
        layout.units(SubLayerKind.FEED_FORWARD).left(),
        header,
        TextAlignment.LEFT);
    text(
        g,
        messages.text("heatmap.feedForwardKept"),
        layout.width() - 6,
        header,
        TextAlignment.RIGHT);
    int every = rowHeight >= 12 ? 1 : rowHeight >= 7 ? 2 : 5;
    double size = Math.max(9, Math.min(12, rowHeight * 0.75));
    for (int block = 0; block < picture.model().blocks().size(); block++) {
      double middle = layout.rowTop(block) + rowHeight / 2;
      if (block % every == 0) {
        g.setFont(Font.font(size));
        g.setFill(colour.text());
        text(g, Integer.toString(block), layout.number().right(), middle, TextAlignment.RIGHT);
        for (SubLayerKind kind : SubLayerKind.values()) {
          g.setFill(colour.text());
          text(
              g,
              figure(picture, new SubLayer(block, kind)),
              layout.figure(kind).left(),
              middle,
              TextAlignment.LEFT);
        }
      }
      if (rowHeight >= 9) {
        for (SubLayerKind kind : SubLayerKind.values()) {
          paintHold(g, picture, new SubLayer(block, kind), middle, Math.min(13, rowHeight - 3));
        }
      }
      for (SubLayerKind kind : SubLayerKind.values()) {
        SubLayer subLayer = new SubLayer(block, kind);
        if (picture.kept().kept(subLayer) == 0 && rowHeight >= 12) {
          Span span = layout.units(kind);
          g.setFont(Font.font(null, FontWeight.BOLD, size));
          g.setFill(colour.cut());
          text(
              g,
              messages.text("heatmap.removed"),
              span.left() + 4,
              middle - rowHeight / 4,
              TextAlignment.LEFT);
        }
      }
    }
  }

  private static int widest(EspalierPicture picture, SubLayerKind kind) {
    int most = 0;
    for (int block = 0; block < picture.model().blocks().size(); block++) {
      most = Math.max(most, picture.model().units(new SubLayer(block, kind)));
    }
    return most;
  }

  private String channels(EspalierPicture picture) {
    int widest = widest(picture, SubLayerKind.FEED_FORWARD);
    int bins = bins(picture);
    return bins < widest
        ? messages.text("heatmap.channels", widest, bins)
        : messages.text("heatmap.channelsPlain", widest);
  }

  private int bins(EspalierPicture picture) {
    int most = 0;
    for (int block = 0; block < picture.model().blocks().size(); block++) {
      most = Math.max(most, layout.bins(SubLayer.feedForward(block)));
    }
    return most;
  }

  private static String figure(EspalierPicture picture, SubLayer subLayer) {
    int units = picture.model().units(subLayer);
    int kept = picture.kept().kept(subLayer);
    if (subLayer.kind() == SubLayerKind.ATTENTION) {
      return kept + " / " + units;
    }
    return Figures.keptPercent(kept, units);
  }

  private void paintHold(
      GraphicsContext g, EspalierPicture picture, SubLayer subLayer, double middle, double size) {
    Optional<Hold> hold = picture.locks().of(subLayer);
    HeatmapColours colour = colours.get();
    Icon icon = hold.map(held -> held.editable() ? Icon.HAND : Icon.LOCKED).orElse(Icon.UNLOCKED);
    g.save();
    g.translate(layout.padlock(subLayer.kind()).left() + 10 - size / 2, middle - size / 2);
    g.scale(size / 16, size / 16);
    g.setFill(
        hold.isEmpty() ? colour.faint() : hold.get().editable() ? colour.cut() : colour.accent());
    g.beginPath();
    g.setFillRule(FillRule.EVEN_ODD);
    g.appendSVGPath(icon.path());
    g.fill();
    g.restore();
  }

  private void paintMarks() {
    GraphicsContext g = marks.getGraphicsContext2D();
    g.clearRect(0, 0, marks.getWidth(), marks.getHeight());
    if (layout == null) {
      return;
    }
    Color accent = colours.get().accent();
    hovered.ifPresent(
        hit -> {
          g.setFill(accent.deriveColor(0, 1, 1, 0.12));
          double top = layout.rowTop(hit.subLayer().block());
          // Beside the cells, so that their colours stay true.
          double left = layout.units(SubLayerKind.ATTENTION).left() - 4;
          double right = layout.units(SubLayerKind.FEED_FORWARD).right() + 4;
          g.fillRoundRect(0, top, left, layout.rowHeight() - 1, 5, 5);
          g.fillRoundRect(right, top, layout.width() - right, layout.rowHeight() - 1, 5, 5);
          if (hit.part() == Part.UNITS) {
            int[] bin = binAt(hit.subLayer(), hoveredX);
            Span span = layout.units(hit.subLayer().kind());
            int units = layout.model().units(hit.subLayer());
            double first = span.left() + span.width() * bin[0] / units;
            double last = span.left() + span.width() * bin[1] / units;
            g.setStroke(colours.get().text());
            g.setLineWidth(1.5);
            g.strokeRect(first - 1, top + 1, Math.max(3, last - first) + 1, layout.rowHeight() - 2);
          }
        });
    if (isFocused() && byKeyboard) {
      Span padlock = layout.padlock(focused.kind());
      Span figure = layout.figure(focused.kind());
      double left = Math.min(padlock.left(), layout.bar(focused.kind()).left()) - 2;
      double right = Math.max(padlock.right(), figure.right());
      g.setStroke(accent);
      g.setLineWidth(1.5);
      g.strokeRoundRect(
          left, layout.rowTop(focused.block()) + 1, right - left, layout.rowHeight() - 2, 5, 5);
    }
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
    tell();
    paintMarks();
  }

  /** Describes what is pointed at, or else what the keyboard stands on. */
  private void tell() {
    if (hovered.isPresent()) {
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
      case UNITS -> isOnCut(hit, x) ? Cursor.H_RESIZE : Cursor.DEFAULT;
    };
  }

  private boolean isOnCut(Hit hit, double x) {
    EspalierPicture picture = viewModel.picture().get();
    return picture.order() == UnitOrder.BY_SCORE
        && layout.isNearCut(hit.subLayer(), picture.kept().kept(hit.subLayer()), x);
  }

  private String describe(Hit hit) {
    return switch (hit.part()) {
      case NUMBER -> messages.text("hover.number", hit.subLayer().block());
      case PADLOCK, KEPT -> viewModel.describe(hit.subLayer());
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
              switch (hit.part()) {
                case NUMBER -> viewModel.draft().toggleBlockLock(hit.subLayer().block());
                case PADLOCK -> viewModel.draft().toggleLock(hit.subLayer());
                case KEPT -> startDrag(hit, event.getX());
                case UNITS -> {
                  if (isOnCut(hit, event.getX())) {
                    dragged = hit;
                  }
                }
              }
              paintMarks();
            });
  }

  private void startDrag(Hit hit, double x) {
    dragged = hit;
    if (layout.bar(hit.subLayer().kind()).contains(x)) {
      viewModel.draft().setKept(hit.subLayer(), layout.keptAt(hit.subLayer(), hit.part(), x));
    }
  }

  private void drag(MouseEvent event) {
    if (dragged != null && layout != null) {
      viewModel
          .draft()
          .setKept(
              dragged.subLayer(), layout.keptAt(dragged.subLayer(), dragged.part(), event.getX()));
      event.consume();
    }
  }

  private void release() {
    if (dragged != null) {
      dragged = null;
      viewModel.draft().closeGesture();
    }
  }

  private void key(KeyEvent event) {
    EspalierPicture picture = viewModel.picture().get();
    if (picture == null || event.isShortcutDown() || event.isAltDown()) {
      return;
    }
    int last = picture.model().blocks().size() - 1;
    int units = picture.model().units(focused);
    int step = event.isShiftDown() ? Math.max(1, units / 20) : 1;
    switch (event.getCode()) {
      case UP -> focus(Math.max(0, focused.block() - 1), focused.kind());
      case DOWN -> focus(Math.min(last, focused.block() + 1), focused.kind());
      case HOME -> focus(0, focused.kind());
      case END -> focus(last, focused.kind());
      case LEFT -> focus(focused.block(), SubLayerKind.ATTENTION);
      case RIGHT -> focus(focused.block(), SubLayerKind.FEED_FORWARD);
      case PLUS, ADD, EQUALS -> change(picture, step);
      case MINUS, SUBTRACT -> change(picture, -step);
      case L, SPACE -> viewModel.draft().toggleLock(focused);
      case B -> viewModel.draft().toggleBlockLock(focused.block());
      case R, DELETE -> viewModel.draft().release(focused);
      default -> {
        return;
      }
    }
    byKeyboard = true;
    hovered = Optional.empty();
    paintMarks();
    tell();
    event.consume();
  }

  private void change(EspalierPicture picture, int step) {
    viewModel.draft().setKept(focused, picture.kept().kept(focused) + step);
  }

  private void focus(int block, SubLayerKind kind) {
    focused = new SubLayer(block, kind);
    paintMarks();
  }

  private static void text(
      GraphicsContext g, String words, double x, double y, TextAlignment alignment) {
    g.setTextAlign(alignment);
    g.fillText(words, x, y);
  }
}
