package org.espalier.ui;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.espalier.report.heatmap.EspalierLayout;
import org.espalier.transformer.SubLayer;
import org.espalier.ui.heatmap.EspalierControl;
import org.testfx.util.WaitForAsyncUtils;

/** What a person can do in the window and see there. */
final class WindowRobot {
  private static final int PATIENCE_SECONDS = 180;
  private static final int MOST_CONTROLS = 120;

  private final DirectRobot robot = new DirectRobot();
  private final Stage stage;
  private final String pictures;

  /**
   * @param pictures beginning of every screenshot's name
   */
  WindowRobot(Stage stage, String pictures) {
    this.stage = stage;
    this.pictures = pictures;
  }

  void shot(String name) {
    Screenshots.take(stage, pictures + "-" + name);
  }

  void click(String query) {
    robot.clickOn(query);
  }

  void press(KeyCode... keys) {
    robot.push(keys);
  }

  void type(String field, String text) {
    TextField node = robot.lookup(field).queryAs(TextField.class);
    robot.clickOn(node);
    robot.interact(node::selectAll);
    robot.write(text);
    robot.push(KeyCode.ENTER);
  }

  /** Replaces a field's text without confirming it. */
  void fill(String field, String text) {
    TextField node = robot.lookup(field).queryAs(TextField.class);
    robot.clickOn(node);
    robot.interact(node::selectAll);
    robot.write(text);
  }

  void chooseLine(String comboBox, int index) {
    robot.interact(
        () -> robot.lookup(comboBox).queryAs(ComboBox.class).getSelectionModel().select(index));
  }

  /** Walks to a control with the tabulator key alone. */
  void tabTo(String query) {
    Node wanted = robot.lookup(query).query();
    for (int i = 0; i < MOST_CONTROLS && !wanted.isFocused(); i++) {
      press(KeyCode.TAB);
    }
    if (!wanted.isFocused()) {
      throw new AssertionError("the tabulator key does not lead to " + query);
    }
  }

  /** Gives a control the keyboard, as the tabulator key would. */
  void focus(String query) {
    robot.interact(() -> robot.lookup(query).query().requestFocus());
  }

  /** Drags a row's cut line to a place, from 0 at the left of its units to 1. */
  void dragCut(SubLayer subLayer, double share) {
    EspalierLayout layout = espalier().geometry();
    double cut = layout.cut(subLayer, espalier().kept(subLayer));
    drag(inEspalier(cut, subLayer.block()), unit(subLayer, share));
    point(padlock(subLayer));
  }

  EspalierControl espalier() {
    return robot.lookup("#espalier").queryAs(EspalierControl.class);
  }

  /** Middle of a sub-layer's padlock, on the screen. */
  Point2D padlock(SubLayer subLayer) {
    EspalierLayout layout = espalier().geometry();
    EspalierLayout.Span span = layout.padlock(subLayer.kind());
    return inEspalier(span.left() + span.width() / 2, subLayer.block());
  }

  Point2D number(int block) {
    return inEspalier(espalier().geometry().number().left() + 15, block);
  }

  /** A place on a sub-layer's cells or bins, from 0 at the left to 1. */
  Point2D unit(SubLayer subLayer, double share) {
    EspalierLayout.Span span = espalier().geometry().units(subLayer.kind());
    return inEspalier(span.left() + share * span.width(), subLayer.block());
  }

  /** A place on a sub-layer's bar, from 0 at the left to 1. */
  Point2D bar(SubLayer subLayer, double share) {
    EspalierLayout.Span span = espalier().geometry().bar(subLayer.kind());
    return inEspalier(span.left() + share * span.width(), subLayer.block());
  }

  void clickAt(Point2D place) {
    robot.clickOn(place);
  }

  void point(Point2D place) {
    robot.moveTo(place);
  }

  void drag(Point2D from, Point2D to) {
    robot.drag(from, to);
  }

  /** Text of the first label, button or field that the query finds. */
  String text(String query) {
    Node node = robot.lookup(query).query();
    return node instanceof TextField field ? field.getText() : ((Labeled) node).getText();
  }

  boolean isVisible(String query) {
    return robot.lookup(query).queryAll().stream()
        .anyMatch(
            node -> {
              for (Node at = node; at != null; at = at.getParent()) {
                if (!at.isVisible()) {
                  return false;
                }
              }
              return true;
            });
  }

  boolean isEnabled(String query) {
    return !robot.lookup(query).query().isDisabled();
  }

  boolean shows(String words) {
    return robot
        .lookup(node -> node instanceof Label label && label.getText().contains(words))
        .queryAll()
        .stream()
        .anyMatch(Node::isVisible);
  }

  int lines(String list) {
    return robot.lookup(list).queryAs(ListView.class).getItems().size();
  }

  void selectLine(String list, int index) {
    robot.interact(
        () -> robot.lookup(list).queryAs(ListView.class).getSelectionModel().select(index));
  }

  /** What a box of choices stands at. */
  Object choice(String comboBox) {
    return robot.lookup(comboBox).queryAs(ComboBox.class).getValue();
  }

  /** Waits for what another thread brings about. */
  void until(Callable<Boolean> condition) {
    try {
      WaitForAsyncUtils.waitFor(
          PATIENCE_SECONDS,
          TimeUnit.SECONDS,
          () -> WaitForAsyncUtils.waitForAsyncFx(20_000, condition));
    } catch (TimeoutException e) {
      shot("timeout");
      throw new AssertionError("the window did not get there; see the screenshot “timeout”", e);
    }
    WaitForAsyncUtils.waitForFxEvents();
  }

  private Point2D inEspalier(double x, int block) {
    EspalierLayout layout = espalier().geometry();
    Bounds bounds = espalier().localToScreen(espalier().getBoundsInLocal());
    return new Point2D(
        bounds.getMinX() + x, bounds.getMinY() + layout.rowTop(block) + layout.rowHeight() / 2);
  }
}
