package org.espalier.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.espalier.report.FigureFormat;
import org.espalier.report.FigureWriter;
import org.espalier.search.Trial;
import org.espalier.search.Variable;
import org.jfree.data.xy.XYDataset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SearchChartsTest {
  private static final List<Trial> TRIALS =
      List.of(trial(0, 6), trial(1, Double.NaN), trial(2, 7), trial(3, 5), trial(4, 500));

  private static Trial trial(int number, double value) {
    return new Trial(number, Map.of("alpha1", number / 5.0), value);
  }

  private static ChartFigure trials() {
    return TrialChart.of(TRIALS, 40, 3.7, "held-out text", ChartStyle.LIGHT, 500, 300);
  }

  @ParameterizedTest
  @EnumSource
  void a_search_can_be_written_in_every_format(FigureFormat format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    FigureWriter.write(trials(), format, out);
    assertThat(out.size()).isGreaterThan(80);
  }

  @Test
  void the_line_never_rises_and_the_points_are_the_trials() {
    XYDataset best = trials().chart().getXYPlot().getDataset(0);
    XYDataset points = trials().chart().getXYPlot().getDataset(1);

    assertThat(List.of(best.getYValue(0, 0), best.getYValue(0, 2), best.getYValue(0, 3)))
        .containsExactly(6.0, 6.0, 5.0);
    assertThat(points.getItemCount(0)).isEqualTo(4);
    assertThat(trials().table().columns()).containsExactly("trial", "perplexity", "alpha1");
    assertThat(trials().table().rows()).hasSize(5);
  }

  @Test
  void a_search_without_trials_can_be_drawn() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    FigureWriter.write(
        TrialChart.of(List.of(), 40, Double.NaN, "", ChartStyle.DARK, 500, 300),
        FigureFormat.PNG,
        out);
    assertThat(out.size()).isGreaterThan(1000);
  }

  @Test
  void the_scatter_draws_the_best_trial_last() {
    Variable.Continuous alpha = new Variable.Continuous("alpha1", 0, 1);
    ChartFigure figure = SettingChart.of(TRIALS, alpha, alpha, ChartStyle.LIGHT, 300, 300);

    XYDataset data = figure.chart().getXYPlot().getDataset();
    assertThat(data.getSeriesCount()).isEqualTo(4);
    assertThat(data.getSeriesKey(3).toString()).isEqualTo("4");
    assertThat(figure.table().rows().get(2)).containsExactly("4", "0.6", "0.6", "5.0");
  }
}
