package org.espalier.ui.search;

import java.util.List;
import java.util.Optional;
import javafx.fxml.FXML;
import javafx.scene.control.Label;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.espalier.report.chart.ChartStyle;
import org.espalier.report.chart.SettingChart;
import org.espalier.report.chart.TrialChart;
import org.espalier.search.Variable;
import org.espalier.ui.charts.ChartFrame;
import org.espalier.ui.charts.RunColours;
import org.espalier.ui.preferences.PreferencesViewModel;
import org.espalier.workbench.SearchSnapshot;

/** A search while it thinks: its trials, the best so far, and where it looks. */
public final class SearchView {
  private final SearchViewModel viewModel;
  private final PreferencesViewModel preferences;
  private ChartFrame trialFrame;
  private ChartFrame settingFrame;

  @FXML private VBox panel;
  @FXML private Label summary;
  @FXML private StackPane trials;
  @FXML private StackPane settings;
  @FXML private Label judgedOn;

  public SearchView(SearchViewModel viewModel, PreferencesViewModel preferences) {
    this.viewModel = viewModel;
    this.preferences = preferences;
  }

  @FXML
  private void initialize() {
    trialFrame = new ChartFrame(trials);
    settingFrame = new ChartFrame(settings);
    viewModel.search().addListener((property, before, after) -> show(after));
    preferences.theme().addListener((property, before, after) -> show(viewModel.search().get()));
    show(viewModel.search().get());
  }

  @FXML
  private void putAway() {
    viewModel.putAway();
  }

  private void show(Optional<SearchSnapshot> search) {
    panel.setVisible(search.isPresent());
    panel.setManaged(search.isPresent());
    search.ifPresent(this::draw);
  }

  private void draw(SearchSnapshot search) {
    summary.setText(viewModel.summary(search));
    judgedOn.setText(search.judgedOn());
    ChartStyle style = RunColours.style(preferences.theme().get());
    trialFrame.show(
        TrialChart.of(search.trials(), search.planned(), search.densePerplexity(), "", style, 0, 0)
            .chart());
    List<Variable.Continuous> coefficients = SearchViewModel.coefficients(search);
    boolean two = coefficients.size() == 2;
    settings.setVisible(two);
    settings.setManaged(two);
    if (two) {
      settingFrame.show(
          SettingChart.of(search.trials(), coefficients.get(0), coefficients.get(1), style, 0, 0)
              .chart());
    }
  }
}
