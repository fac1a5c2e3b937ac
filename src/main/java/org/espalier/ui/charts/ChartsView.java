package org.espalier.ui.charts;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.StackPane;
import org.espalier.report.chart.ChartFigure;
import org.espalier.ui.charts.ChartsViewModel.Kind;
import org.espalier.ui.help.HelpButton;
import org.espalier.ui.help.ViewHelp;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.preferences.PreferencesViewModel;

/** One place for the charts; a row of buttons chooses which one is seen, a menu takes it along. */
public final class ChartsView {
  private final ChartsViewModel viewModel;
  private final SpeedViewModel speeds;
  private final PreferencesViewModel preferences;
  private final Messages messages;
  private final ToggleGroup choice = new ToggleGroup();
  private final Map<Kind, ToggleButton> buttons = new EnumMap<>(Kind.class);
  private ChartFrame memoryChart;

  @FXML private ToggleButton showPerplexity;
  @FXML private ToggleButton showSpeed;
  @FXML private ToggleButton showMemory;
  @FXML private MenuButton take;
  @FXML private HelpButton help;
  @FXML private Node perplexity;
  @FXML private Node speed;
  @FXML private Node memory;
  @FXML private StackPane memoryFrame;
  @FXML private Label memoryNote;
  @FXML private Label memoryEmpty;

  public ChartsView(
      ChartsViewModel viewModel,
      SpeedViewModel speeds,
      PreferencesViewModel preferences,
      Messages messages) {
    this.viewModel = viewModel;
    this.speeds = speeds;
    this.preferences = preferences;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    buttons.put(Kind.PERPLEXITY, showPerplexity);
    buttons.put(Kind.SPEED, showSpeed);
    buttons.put(Kind.MEMORY, showMemory);
    buttons.forEach(
        (kind, button) -> {
          button.setToggleGroup(choice);
          button.setUserData(kind);
        });
    choice
        .selectedToggleProperty()
        .addListener(
            (property, before, after) -> {
              if (after == null) {
                choice.selectToggle(before);
              } else {
                viewModel.shown().set((Kind) after.getUserData());
              }
            });
    viewModel.shown().addListener((property, before, after) -> show(after));
    choice.selectToggle(buttons.get(viewModel.shown().get()));
    show(viewModel.shown().get());
    take.getItems()
        .setAll(FigureMenu.items("chart", viewModel::save, viewModel::figureOrNotice, messages));
    help.explain(
        () ->
            switch (viewModel.shown().get()) {
              case PERPLEXITY -> ViewHelp.PERPLEXITY_CHART;
              case SPEED -> ViewHelp.SPEED_CHART;
              case MEMORY -> ViewHelp.MEMORY_CHART;
            });
    memoryChart = new ChartFrame(memoryFrame);
    speeds.speed().addListener((property, before, after) -> drawMemory());
    preferences.theme().addListener((property, before, after) -> drawMemory());
    drawMemory();
  }

  private void show(Kind kind) {
    perplexity.setVisible(kind == Kind.PERPLEXITY);
    speed.setVisible(kind == Kind.SPEED);
    memory.setVisible(kind == Kind.MEMORY);
  }

  private void drawMemory() {
    Optional<ChartFigure> figure = viewModel.memoryFigure(0);
    memoryEmpty.setVisible(figure.isEmpty());
    memoryNote.setText(speeds.speed().get().map(SpeedViewModel.Speed::protocol).orElse(""));
    figure.ifPresentOrElse(known -> memoryChart.show(known.chart()), () -> memoryChart.clear());
  }
}
