package org.espalier.ui.platform;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javafx.scene.Node;
import javafx.scene.layout.Pane;
import javafx.scene.shape.FillRule;
import javafx.scene.shape.SVGPath;
import javafx.scene.transform.Scale;

/** The project's own pictograms: one path each on a 16 by 16 grid, coloured by style sheets. */
public enum Icon {
  CLOSE,
  EARLIER,
  FOLDER,
  HAND,
  HISTORY,
  LATER,
  LIMIT,
  LOCKED,
  MORE,
  REDO,
  SETTINGS,
  UNDO,
  UNLOCKED;

  private static final double GRID = 16;
  private static final Pattern PATH = Pattern.compile("\\sd=\"([^\"]+)\"");

  private static final Map<Icon, String> PATHS = new ConcurrentHashMap<>();

  /** The path's data, for canvases. */
  public String path() {
    return PATHS.computeIfAbsent(this, Icon::read);
  }

  /** A node of the given size that style sheets colour through {@code .icon}. */
  public Node node(double size) {
    SVGPath shape = new SVGPath();
    shape.setContent(path());
    shape.setFillRule(FillRule.EVEN_ODD);
    shape.getStyleClass().add("icon");
    shape.getTransforms().add(new Scale(size / GRID, size / GRID));
    Pane square = new Pane(shape);
    square.setMinSize(size, size);
    square.setPrefSize(size, size);
    square.setMaxSize(size, size);
    square.setMouseTransparent(true);
    return square;
  }

  private String read() {
    String file = "/icons/" + name().toLowerCase(Locale.ROOT) + ".svg";
    try (InputStream in = Icon.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the program's own picture is missing: " + file);
      }
      Matcher matcher = PATH.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      if (!matcher.find()) {
        throw new IllegalStateException("no path in " + file);
      }
      return matcher.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
