package org.espalier.ui.charts;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.report.Figure;
import org.espalier.report.FigureFormat;
import org.espalier.report.chart.ChartFigure;
import org.espalier.report.chart.ChartStyle;
import org.espalier.report.chart.MemoryChart;
import org.espalier.report.chart.PerplexityChart;
import org.espalier.report.chart.PerplexityLine;
import org.espalier.report.chart.SpeedBar;
import org.espalier.report.chart.SpeedChart;
import org.espalier.ui.charts.PerplexityViewModel.Chart;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.preferences.PreferencesViewModel;
import org.jfree.chart.JFreeChart;

/** Which chart is seen, and every chart as a figure for files and the clipboard. */
public final class ChartsViewModel {
  /** The charts there are. */
  public enum Kind {
    PERPLEXITY,
    SPEED,
    MEMORY
  }

  private static final int WIDTH = 720;
  private static final int HEIGHT = 420;

  private final PerplexityViewModel perplexity;
  private final SpeedViewModel speed;
  private final PreferencesViewModel preferences;
  private final FigureTaking taking;
  private final Messages messages;
  private final ObjectProperty<Kind> shown = new SimpleObjectProperty<>(Kind.PERPLEXITY);

  public ChartsViewModel(
      PerplexityViewModel perplexity,
      SpeedViewModel speed,
      PreferencesViewModel preferences,
      FigureTaking taking,
      Messages messages) {
    this.perplexity = perplexity;
    this.speed = speed;
    this.preferences = preferences;
    this.taking = taking;
    this.messages = messages;
  }

  public ObjectProperty<Kind> shown() {
    return shown;
  }

  /** The shown chart as a figure; empty while there is nothing to show. */
  public Optional<Figure> figure() {
    return switch (shown.get()) {
      case PERPLEXITY -> perplexityFigure();
      case SPEED -> speedFigure();
      case MEMORY -> memoryFigure(WIDTH).map(figure -> figure);
    };
  }

  /** The shown chart, or a sentence why there is none. */
  public Optional<Figure> figureOrNotice() {
    return taking.orNotice(figure());
  }

  /** Asks where and writes the shown chart there. */
  public void save(FigureFormat format) {
    taking.save(figure(), format);
  }

  /** Peak memory of the measured run and its dense model. */
  Optional<ChartFigure> memoryFigure(int width) {
    return speed
        .measured()
        .map(
            run -> {
              SpeedComparison comparison = run.speed().orElseThrow();
              return MemoryChart.of(
                  List.of(
                      new MemoryChart.Bar(
                          messages.text("runs.dense"), true, comparison.dense().peakMemoryBytes()),
                      new MemoryChart.Bar(
                          run.name(), false, comparison.pruned().peakMemoryBytes())),
                  note(),
                  style(List.of(speed.colour(run))),
                  width);
            });
  }

  /** Half of the speed chart: writing, or reading a prompt. */
  Optional<JFreeChart> speedHalf(boolean decode) {
    return speed
        .speed()
        .get()
        .map(
            shown ->
                SpeedChart.half(bars(shown), decode, style(List.of(speed.colour(shown.run())))));
  }

  private Optional<Figure> speedFigure() {
    return speed
        .speed()
        .get()
        .map(
            shown ->
                SpeedChart.of(
                    bars(shown),
                    shown.protocol(),
                    style(List.of(speed.colour(shown.run()))),
                    WIDTH));
  }

  private static List<SpeedBar> bars(SpeedViewModel.Speed shown) {
    SpeedComparison comparison = shown.run().speed().orElseThrow();
    return List.of(
        SpeedBar.dense(comparison),
        SpeedBar.pruned(shown.run().name(), comparison, shown.decodeBound()));
  }

  private Optional<Figure> perplexityFigure() {
    Chart chart = perplexity.chart().get();
    if (chart.lines().stream().allMatch(line -> line.curve().perplexities().isEmpty())) {
      return Optional.empty();
    }
    PerplexityChart drawing =
        new PerplexityChart(
            chart.protocol(),
            style(
                chart.lines().stream()
                    .map(PerplexityViewModel.Line::colour)
                    .filter(colour -> colour >= 0)
                    .toList()));
    List<PerplexityLine> lines = new ArrayList<>();
    for (PerplexityViewModel.Line line : chart.lines()) {
      lines.add(
          new PerplexityLine(
              line.name(), line.colour() < 0, line.curve().perplexities(), line.curve().windows()));
    }
    drawing.show(lines);
    return Optional.of(drawing.figure(WIDTH, HEIGHT));
  }

  private String note() {
    return speed.speed().get().map(SpeedViewModel.Speed::protocol).orElse("");
  }

  /** The window's theme, each run in its colour from the list. */
  private ChartStyle style(List<Integer> places) {
    ChartStyle style = RunColours.style(preferences.theme().get());
    List<Color> runs = places.stream().map(style::run).toList();
    return new ChartStyle(
        style.background(),
        style.text(),
        style.quiet(),
        style.grid(),
        style.dense(),
        runs.isEmpty() ? style.runs() : runs);
  }
}
