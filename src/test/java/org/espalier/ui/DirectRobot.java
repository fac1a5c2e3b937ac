package org.espalier.ui;

import javafx.geometry.Point2D;
import javafx.scene.Scene;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.stage.Window;
import org.testfx.api.FxRobot;
import org.testfx.robot.BaseRobot;
import org.testfx.robot.Motion;
import org.testfx.service.query.PointQuery;
import org.testfx.util.WaitForAsyncUtils;

/**
 * A mouse that jumps and a keyboard that waits once: the stock robot moves pixel by pixel and
 * sleeps after every event, which made up most of the time that tests of the window took.
 */
final class DirectRobot extends FxRobot {
  private static final int DRAG_STEPS = 8;

  @Override
  public FxRobot clickOn(PointQuery place, Motion motion, MouseButton... buttons) {
    moveTo(place, motion);
    MouseButton button = buttons.length == 0 ? MouseButton.PRIMARY : buttons[0];
    base().pressMouse(button);
    base().releaseMouse(button);
    WaitForAsyncUtils.waitForFxEvents();
    return this;
  }

  @Override
  public FxRobot moveTo(PointQuery place, Motion motion) {
    base().moveMouse(place.query());
    WaitForAsyncUtils.waitForFxEvents(1);
    return this;
  }

  /** Presses, moves in few steps, as a drag needs more than one, and releases. */
  void drag(Point2D from, Point2D to) {
    base().moveMouse(from);
    base().pressMouse(MouseButton.PRIMARY);
    for (int step = 1; step <= DRAG_STEPS; step++) {
      base().moveMouse(from.interpolate(to, (double) step / DRAG_STEPS));
      WaitForAsyncUtils.waitForFxEvents(1);
    }
    base().releaseMouse(MouseButton.PRIMARY);
    WaitForAsyncUtils.waitForFxEvents();
  }

  @Override
  public FxRobot push(KeyCode... keys) {
    for (KeyCode key : keys) {
      base().pressKeyboard(key);
    }
    for (int i = keys.length - 1; i >= 0; i--) {
      base().releaseKeyboard(keys[i]);
    }
    WaitForAsyncUtils.waitForFxEvents();
    return this;
  }

  @Override
  public FxRobot write(String text) {
    Scene focused =
        Window.getWindows().stream()
            .filter(Window::isFocused)
            .findFirst()
            .orElseGet(this::targetWindow)
            .getScene();
    text.chars()
        .forEach(
            character ->
                base().typeKeyboard(focused, KeyCode.UNDEFINED, Character.toString(character)));
    WaitForAsyncUtils.waitForFxEvents();
    return this;
  }

  private BaseRobot base() {
    return robotContext().getBaseRobot();
  }
}
