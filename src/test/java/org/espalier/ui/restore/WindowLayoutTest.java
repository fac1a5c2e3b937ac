package org.espalier.ui.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javafx.geometry.Rectangle2D;
import javafx.scene.Scene;
import javafx.scene.layout.StackPane;
import javafx.stage.Screen;
import javafx.stage.Stage;
import org.espalier.workspace.SavedSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;

@ExtendWith(ApplicationExtension.class)
class WindowLayoutTest {
  @Test
  void a_window_left_over_the_edge_of_the_screen_comes_back_wholly_onto_it(FxRobot robot) {
    robot.interact(
        () -> {
          Rectangle2D screen = Screen.getPrimary().getVisualBounds();
          Stage stage = new Stage();
          stage.setMinWidth(1280);
          stage.setMinHeight(700);

          WindowLayout.place(
              stage,
              new SavedSession.Layout(
                  List.of(screen.getMaxX() - 200, screen.getMaxY() - 100, 1100.0, 600.0),
                  false,
                  Map.of(),
                  List.of()));

          assertThat(stage.getWidth()).isEqualTo(1280);
          assertThat(stage.getHeight()).isEqualTo(700);
          assertThat(stage.getX() + stage.getWidth()).isEqualTo(screen.getMaxX());
          assertThat(stage.getY() + stage.getHeight()).isEqualTo(screen.getMaxY());
        });
  }

  @Test
  void bounds_are_told_until_the_window_shows_something_else(FxRobot robot) {
    AtomicInteger changes = new AtomicInteger();
    robot.interact(
        () -> {
          StackPane root = new StackPane();
          WindowLayout layout = new WindowLayout(root, changes::incrementAndGet);
          Stage stage = new Stage();
          stage.setScene(new Scene(root, 400, 300));
          stage.show();
          stage.setX(17);
          assertThat(layout.present().bounds()).first().isEqualTo(17.0);

          stage.setScene(new Scene(new StackPane(), 400, 300));
          int before = changes.get();
          stage.setX(23);
          assertThat(changes).hasValue(before);
          assertThat(layout.present().bounds()).first().isEqualTo(17.0);
          stage.close();
        });
  }
}
