package org.espalier.ui.restore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import javafx.beans.value.ObservableValue;
import javafx.collections.ObservableList;
import javafx.geometry.Rectangle2D;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.SplitPane;
import javafx.scene.control.ToggleButton;
import javafx.stage.Screen;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.espalier.workspace.SavedSession;

/**
 * Where things are in the window: its bounds, its dividers, and which of the views are chosen that
 * are offered side by side (toggle buttons of the style class {@code segment}). Dividers and views
 * are known by their ids.
 */
public final class WindowLayout {
  private static final String CHOICE = "segment";

  private final Parent root;
  private List<Double> bounds = List.of();

  /**
   * @param onChange called whenever something moved or was chosen
   */
  public WindowLayout(Parent root, Runnable onChange) {
    this.root = root;
    for (ToggleButton view : views()) {
      view.selectedProperty().addListener((property, before, after) -> onChange.run());
    }
    for (SplitPane pane : panes()) {
      for (SplitPane.Divider divider : pane.getDividers()) {
        divider.positionProperty().addListener((property, before, after) -> onChange.run());
      }
    }
    // Mapped, so that a window that goes on without this content does not hold on to it.
    ObservableValue<Window> window = root.sceneProperty().flatMap(Scene::windowProperty);
    List<Function<Window, ObservableValue<Number>>> places =
        List.of(
            Window::xProperty, Window::yProperty, Window::widthProperty, Window::heightProperty);
    for (Function<Window, ObservableValue<Number>> place : places) {
      window.flatMap(place).addListener((property, before, after) -> moved(after, onChange));
    }
  }

  private void moved(Number place, Runnable onChange) {
    if (place != null) {
      remember(root.getScene().getWindow());
      onChange.run();
    }
  }

  /** A maximised window keeps the bounds that it has otherwise. */
  private void remember(Window window) {
    List<Double> present =
        List.of(window.getX(), window.getY(), window.getWidth(), window.getHeight());
    if (!isMaximised() && present.stream().allMatch(Double::isFinite)) {
      bounds = present;
    }
  }

  private boolean isMaximised() {
    return root.getScene() != null
        && root.getScene().getWindow() instanceof Stage stage
        && stage.isMaximized();
  }

  /** Where things are now. */
  public SavedSession.Layout present() {
    Map<String, List<Double>> dividers = new HashMap<>();
    for (SplitPane pane : panes()) {
      dividers.put(pane.getId(), Arrays.stream(pane.getDividerPositions()).boxed().toList());
    }
    TreeSet<String> chosen = new TreeSet<>();
    for (ToggleButton view : views()) {
      if (view.isSelected()) {
        chosen.add(view.getId());
      }
    }
    return new SavedSession.Layout(bounds, isMaximised(), dividers, List.copyOf(chosen));
  }

  /** Puts dividers and views where they were; what is not there any more is left out. */
  public void restore(SavedSession.Layout layout) {
    for (ToggleButton view : views()) {
      if (layout.views().contains(view.getId())) {
        view.setSelected(true);
      }
    }
    for (SplitPane pane : panes()) {
      List<Double> places = layout.dividers().getOrDefault(pane.getId(), List.of());
      if (places.size() == pane.getDividers().size()) {
        pane.setDividerPositions(places.stream().mapToDouble(Double::doubleValue).toArray());
      }
    }
  }

  /** Puts a window where it was, if a screen is still there, and wholly onto that screen. */
  public static void place(Stage stage, SavedSession.Layout layout) {
    List<Double> bounds = layout.bounds();
    if (bounds.size() == 4) {
      ObservableList<Screen> screens =
          Screen.getScreensForRectangle(bounds.get(0), bounds.get(1), bounds.get(2), bounds.get(3));
      if (!screens.isEmpty()) {
        Rectangle2D screen = screens.get(0).getVisualBounds();
        double width = within(bounds.get(2), stage.getMinWidth(), screen.getWidth());
        double height = within(bounds.get(3), stage.getMinHeight(), screen.getHeight());
        stage.setX(within(bounds.get(0), screen.getMinX(), screen.getMaxX() - width));
        stage.setY(within(bounds.get(1), screen.getMinY(), screen.getMaxY() - height));
        stage.setWidth(width);
        stage.setHeight(height);
      }
    }
    stage.setMaximized(layout.maximised());
  }

  /** As wanted, but at least the least and, before that, at most the most. */
  private static double within(double wanted, double least, double most) {
    return Math.min(most, Math.max(least, wanted));
  }

  private List<ToggleButton> views() {
    List<ToggleButton> found = new ArrayList<>();
    collect(root, ToggleButton.class, found);
    found.removeIf(view -> view.getId() == null || !view.getStyleClass().contains(CHOICE));
    return found;
  }

  private List<SplitPane> panes() {
    List<SplitPane> found = new ArrayList<>();
    collect(root, SplitPane.class, found);
    found.removeIf(pane -> pane.getId() == null);
    return found;
  }

  /** Panes keep what they divide outside of their children until they are first laid out. */
  private static <T> void collect(Node node, Class<T> type, List<T> found) {
    if (type.isInstance(node)) {
      found.add(type.cast(node));
    }
    if (node instanceof SplitPane pane) {
      pane.getItems().forEach(item -> collect(item, type, found));
    } else if (node instanceof Parent parent) {
      parent.getChildrenUnmodifiable().forEach(child -> collect(child, type, found));
    }
  }
}
