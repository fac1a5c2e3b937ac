package org.espalier.ui.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.scene.Scene;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

@ExtendWith(ApplicationExtension.class)
class FigureCanvasTest {
  private final List<Integer> widths = new ArrayList<>();
  private StackPane root;

  @Start
  void show(Stage stage) {
    FigureCanvas canvas = new FigureCanvas();
    canvas.show(
        (width, height) -> {
          widths.add(width);
          return Optional.empty();
        });
    // The stage may still have the size that another test gave it.
    canvas.setPrefSize(400, 200);
    canvas.setMaxSize(400, 200);
    root = new StackPane(canvas);
    root.setStyle("-fx-font-size: 13px");
    stage.setScene(new Scene(root, 400, 200));
    stage.show();
  }

  @Test
  void a_figure_is_drawn_larger_on_less_room_where_words_are_larger(FxRobot robot) {
    assertThat(widths).last().isEqualTo(400);
    robot.interact(() -> root.setStyle("-fx-font-size: 26px"));
    assertThat(widths).last().isEqualTo(200);
  }
}
