package org.espalier.ui.charts;

import java.util.Optional;
import java.util.OptionalDouble;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Line;
import javafx.scene.shape.Rectangle;
import org.espalier.evaluation.SpeedComparison.Spread;
import org.espalier.ui.charts.SpeedViewModel.Pair;
import org.espalier.ui.charts.SpeedViewModel.Speed;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.preferences.PreferencesViewModel;

/** Dense and pruned speed as pairs of bars, with their ratio and its spread. */
public final class SpeedView {
  private static final double BAR_HEIGHT = 13;
  private static final double NAME_WIDTH = 102;

  private final SpeedViewModel viewModel;
  private final PreferencesViewModel preferences;
  private final Messages messages;

  @FXML private VBox content;
  @FXML private Label protocol;
  @FXML private Label empty;

  public SpeedView(SpeedViewModel viewModel, PreferencesViewModel preferences, Messages messages) {
    this.viewModel = viewModel;
    this.preferences = preferences;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    viewModel.speed().addListener((property, before, after) -> show(after));
    preferences.theme().addListener((property, before, after) -> show(viewModel.speed().get()));
    show(viewModel.speed().get());
  }

  private void show(Optional<Speed> speed) {
    content.getChildren().clear();
    empty.setVisible(speed.isEmpty());
    empty.setManaged(speed.isEmpty());
    protocol.setText(speed.map(Speed::protocol).orElse(""));
    speed.ifPresent(
        known -> {
          for (Pair pair : known.pairs()) {
            content.getChildren().add(pair(known, pair));
          }
          Label memory = new Label(known.memory());
          memory.getStyleClass().add("quiet");
          memory.setWrapText(true);
          content.getChildren().add(memory);
        });
  }

  private Node pair(Speed speed, Pair pair) {
    Label title = new Label(pair.title());
    title.getStyleClass().add("pair-title");
    Label ratio = new Label(pair.ratio());
    ratio.getStyleClass().add("strong-figure");
    Region space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    double longest =
        Math.max(
            Math.max(pair.dense(), pair.bound().orElse(0)),
            Math.max(pair.pruned(), pair.dense() * pair.spread().high()));
    GridPane bars = new GridPane();
    bars.setHgap(8);
    bars.setVgap(3);
    addBar(
        bars,
        0,
        messages.text("runs.dense"),
        pair.dense(),
        longest,
        RunColours.DENSE,
        Optional.empty(),
        OptionalDouble.empty());
    addBar(
        bars,
        1,
        speed.run(),
        pair.pruned(),
        longest,
        speed.colour(),
        Optional.of(
            new Spread(
                pair.dense() * pair.spread().low(),
                pair.pruned(),
                pair.dense() * pair.spread().high())),
        pair.bound());
    return new VBox(3, new HBox(title, space, ratio), bars);
  }

  private void addBar(
      GridPane bars,
      int row,
      String name,
      double value,
      double longest,
      int colour,
      Optional<Spread> spread,
      OptionalDouble bound) {
    Label label = new Label(name);
    label.setMinWidth(NAME_WIDTH);
    label.setPrefWidth(NAME_WIDTH);
    label.setMaxWidth(NAME_WIDTH);
    Pane track = new Pane();
    track.setMinHeight(BAR_HEIGHT);
    track.setMinWidth(40);
    GridPane.setHgrow(track, Priority.ALWAYS);
    Rectangle bar = new Rectangle(0, BAR_HEIGHT);
    bar.setArcWidth(4);
    bar.setArcHeight(4);
    bar.setFill(RunColours.paint(preferences.theme().get(), colour));
    bar.widthProperty().bind(track.widthProperty().multiply(value / longest));
    track.getChildren().add(bar);
    spread.ifPresent(
        whisker -> {
          Line line = new Line();
          line.getStyleClass().add("whisker");
          line.setStartY(BAR_HEIGHT / 2);
          line.setEndY(BAR_HEIGHT / 2);
          line.startXProperty().bind(track.widthProperty().multiply(whisker.low() / longest));
          line.endXProperty().bind(track.widthProperty().multiply(whisker.high() / longest));
          track.getChildren().add(line);
        });
    bound.ifPresent(
        most -> {
          Line mark = new Line();
          mark.getStyleClass().add("bound");
          mark.setStartY(-2);
          mark.setEndY(BAR_HEIGHT + 2);
          mark.startXProperty().bind(track.widthProperty().multiply(most / longest));
          mark.endXProperty().bind(mark.startXProperty());
          Tooltip words = new Tooltip(messages.text("chart.bound", Figures.speed(most)));
          Tooltip.install(track, words);
          track.getChildren().add(mark);
        });
    Label figure = new Label(Figures.speed(value));
    figure.getStyleClass().add("figure");
    figure.setMinWidth(Region.USE_PREF_SIZE);
    bars.addRow(row, label, track, figure);
  }
}
