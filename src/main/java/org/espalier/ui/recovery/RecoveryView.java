package org.espalier.ui.recovery;

import javafx.animation.Animation;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.util.Duration;
import javafx.util.StringConverter;
import org.espalier.recovery.RecoverySetting;
import org.espalier.report.chart.RecoveryChart;
import org.espalier.ui.charts.ChartFrame;
import org.espalier.ui.charts.RunColours;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.preferences.PreferencesViewModel;
import org.espalier.ui.recovery.RecoveryViewModel.Curve;
import org.espalier.ui.session.Sheets;
import org.espalier.workbench.RecoveryRequest;
import org.jfree.chart.JFreeChart;

/** Sheet that asks how to train a run, and shows how it goes. */
public final class RecoveryView {
  private static final Duration REDRAW_EVERY = Duration.millis(100);

  /** Settings stand in so many columns. */
  private static final int COLUMNS = 3;

  private final RecoveryViewModel viewModel;
  private final PreferencesViewModel preferences;
  private final Sheets sheets;
  private final Messages messages;
  private final Timeline timer = new Timeline();
  private ChartFrame chartFrame;

  @FXML private Label title;
  @FXML private ComboBox<RecoveryRequest.Kind> kind;
  @FXML private Button file;
  @FXML private GridPane settings;
  @FXML private StackPane frame;
  @FXML private Label state;
  @FXML private Button start;
  @FXML private Button stop;

  public RecoveryView(
      RecoveryViewModel viewModel,
      PreferencesViewModel preferences,
      Sheets sheets,
      Messages messages) {
    this.viewModel = viewModel;
    this.preferences = preferences;
    this.sheets = sheets;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    chartFrame = new ChartFrame(frame);
    title
        .textProperty()
        .bind(
            viewModel
                .run()
                .map(run -> messages.text("recovery.title", run.name()))
                .orElse(messages.text("recovery.title", "")));
    kind.getItems().setAll(RecoveryRequest.Kind.values());
    kind.setConverter(
        new StringConverter<>() {
          @Override
          public String toString(RecoveryRequest.Kind choice) {
            return choice == RecoveryRequest.Kind.INSTRUCTIONS
                ? messages.text("recovery.instructions")
                : messages.text("recovery.text");
          }

          @Override
          public RecoveryRequest.Kind fromString(String name) {
            throw new UnsupportedOperationException("the list is not editable");
          }
        });
    kind.valueProperty().bindBidirectional(viewModel.kind());
    file.textProperty().bind(viewModel.fileName());
    addSettings();
    settings.disableProperty().bind(viewModel.running());
    kind.disableProperty().bind(viewModel.running());
    file.disableProperty().bind(viewModel.running());
    start.disableProperty().bind(viewModel.running());
    stop.visibleProperty().bind(viewModel.running());
    stop.managedProperty().bind(viewModel.running());
    state.textProperty().bind(viewModel.state());
    timer.getKeyFrames().setAll(new KeyFrame(REDRAW_EVERY, event -> viewModel.drain()));
    timer.setCycleCount(Animation.INDEFINITE);
    viewModel
        .running()
        .addListener(
            (property, before, running) -> {
              if (running) {
                timer.play();
              } else {
                timer.stop();
              }
            });
    viewModel.curve().addListener((property, before, after) -> draw());
    preferences.theme().addListener((property, before, after) -> draw());
    draw();
  }

  private void addSettings() {
    int place = 0;
    for (RecoverySetting setting : RecoverySetting.values()) {
      Label label = new Label(messages.text("recovery.setting." + setting.label()));
      TextField field = new TextField();
      field.setId("recovery-" + setting.label());
      field.setPrefColumnCount(setting == RecoverySetting.TARGETS ? 12 : 6);
      field.textProperty().bindBidirectional(viewModel.value(setting));
      Tooltip about = new Tooltip(setting.description() + ": " + setting.range());
      about.setWrapText(true);
      about.setMaxWidth(320);
      field.setTooltip(about);
      label.setTooltip(about);
      label.setLabelFor(field);
      label.setMinWidth(Region.USE_PREF_SIZE);
      GridPane.setHgrow(field, Priority.ALWAYS);
      int column = 2 * (place % COLUMNS);
      settings.add(label, column, place / COLUMNS);
      settings.add(field, column + 1, place / COLUMNS);
      place++;
    }
  }

  private void draw() {
    Curve curve = viewModel.curve().get();
    boolean any = !curve.heldOut().isEmpty();
    frame.setVisible(any);
    frame.setManaged(any);
    if (!any) {
      return;
    }
    JFreeChart chart =
        RecoveryChart.of(
            curve.training(),
            curve.heldOut(),
            curve.steps(),
            curve.growing(),
            RunColours.style(preferences.theme().get()));
    chartFrame.showWhole(chart);
  }

  @FXML
  private void chooseFile() {
    viewModel.chooseFile();
  }

  @FXML
  private void start() {
    viewModel.start();
  }

  @FXML
  private void stop() {
    viewModel.cancel();
  }

  @FXML
  private void close() {
    sheets.close();
  }
}
