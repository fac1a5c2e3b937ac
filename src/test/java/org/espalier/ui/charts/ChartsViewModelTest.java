package org.espalier.ui.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.evaluation.PerplexityPoint;
import org.espalier.report.FigureFormat;
import org.espalier.ui.charts.ChartsViewModel.Kind;
import org.espalier.ui.fake.Bench;
import org.espalier.ui.preferences.PreferencesViewModel;
import org.espalier.workbench.EvaluationRequest;
import org.espalier.workbench.SpeedRequest;
import org.espalier.workspace.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChartsViewModelTest {
  private final Bench bench = new Bench();
  private final PerplexityViewModel perplexity =
      new PerplexityViewModel(bench.session, bench.measurements, bench.messages);
  private final SpeedViewModel speed = new SpeedViewModel(bench.session, bench.messages);
  private final ChartsViewModel charts =
      new ChartsViewModel(
          perplexity,
          speed,
          new PreferencesViewModel(bench.preferences),
          new FigureTaking(bench.follower, bench.notices, bench.picker, bench.messages),
          bench.messages);

  @TempDir Path folder;

  private Run measured() {
    Run run = bench.pruned();
    bench
        .workbench
        .evaluate(run, "cpu", new EvaluationRequest(Optional.empty(), 0, 0), point -> {})
        .result()
        .join();
    bench
        .workbench
        .measureSpeed(bench.session.checkpoint().get(), run, new SpeedRequest(8, 8, 1, 3))
        .result()
        .join();
    return run;
  }

  @Test
  void every_chart_is_written_in_every_format() throws Exception {
    measured();
    for (Kind kind : Kind.values()) {
      charts.shown().set(kind);
      for (FigureFormat format : FigureFormat.values()) {
        Path file = folder.resolve(kind + "." + format.extension());
        bench.picker.willPickFile(file);
        charts.save(format);
        assertThat(Files.size(file)).as(file.toString()).isGreaterThan(40);
      }
    }
    assertThat(Files.readString(folder.resolve("MEMORY.csv"))).contains("peakMemoryBytes", "dense");
    assertThat(Files.readString(folder.resolve("PERPLEXITY.csv"))).contains("window,perplexity");
  }

  @Test
  void an_empty_chart_says_so_instead() {
    bench.analysed();

    charts.save(FigureFormat.PNG);

    assertThat(bench.notices.sentences()).singleElement().asString().contains("evaluate first");
  }

  @Test
  void the_bound_on_decoding_stands_above_the_dense_speed() {
    measured();

    SpeedViewModel.Speed shown = speed.speed().get().orElseThrow();
    assertThat(shown.decodeBound().orElseThrow())
        .isGreaterThan(shown.run().speed().orElseThrow().dense().decodeTokensPerSecond());
  }

  @Test
  void while_it_is_measured_only_the_same_windows_stand_beside_a_curve() {
    Run run = measured();
    bench.measurements.begin(Measurements.DENSE, "text A").accept(new PerplexityPoint(1, 9, 1, 5));
    bench.measurements.begin(run.id(), "text B").accept(new PerplexityPoint(1, 9, 1, 6));
    perplexity.drain();
    assertThat(perplexity.chart().get().lines()).hasSize(1);

    bench.measurements.begin(run.id(), "text A").accept(new PerplexityPoint(1, 9, 1, 6));
    perplexity.drain();
    assertThat(perplexity.chart().get().lines()).hasSize(2);
  }

  @Test
  void a_hundred_thousand_points_may_arrive_between_two_redraws() {
    bench.analysed();
    var sink = bench.measurements.begin(Measurements.DENSE, "long");
    IntStream.rangeClosed(1, 100_000)
        .forEach(i -> sink.accept(new PerplexityPoint(i, 100_000, 1, 5 + 1.0 / i)));
    perplexity.drain();

    assertThat(perplexity.chart().get().lines().get(0).curve().perplexities()).hasSize(100_000);
    assertThat(charts.figure()).isPresent();
  }
}
