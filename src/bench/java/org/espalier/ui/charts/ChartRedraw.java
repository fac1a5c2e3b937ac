package org.espalier.ui.charts;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.espalier.evaluation.PerplexityPoint;
import org.espalier.report.chart.ChartStyle;
import org.espalier.report.chart.PerplexityChart;
import org.espalier.report.chart.PerplexityLine;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.Session;
import org.jfree.chart.fx.ChartCanvas;

/**
 * What one redraw of the perplexity chart costs the UI thread while 100,000 points arrive, ten
 * times a second: taking the points in, thinning them to 2,000 and drawing.
 */
public final class ChartRedraw {
  private static final int POINTS = 100_000;
  private static final int REDRAWS = 100;

  private ChartRedraw() {}

  /** Needs a display, or a headless platform. */
  public static void main(String[] arguments) throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    Platform.startup(
        () -> {
          measure();
          done.countDown();
        });
    done.await();
    Platform.exit();
  }

  private static void measure() {
    Session session = new Session();
    Measurements measurements = new Measurements(session);
    PerplexityViewModel viewModel = new PerplexityViewModel(session, measurements, new Messages());
    Consumer<PerplexityPoint> sink = measurements.begin(Measurements.DENSE, "benchmark");
    PerplexityChart chart = new PerplexityChart("", ChartStyle.LIGHT);
    ChartCanvas canvas = new ChartCanvas(chart.chart());
    canvas.setWidth(330);
    canvas.setHeight(240);
    Stage stage = new Stage();
    stage.setScene(new Scene(new StackPane(canvas)));
    stage.show();
    double[] milliseconds = new double[REDRAWS];
    for (int redraw = 0; redraw < REDRAWS; redraw++) {
      for (int i = redraw * POINTS / REDRAWS; i < (redraw + 1) * POINTS / REDRAWS; i++) {
        sink.accept(new PerplexityPoint(i + 1, POINTS, 1, 6 + Math.sin(i / 50.0)));
      }
      long started = System.nanoTime();
      viewModel.drain();
      Measurements.Curve curve = viewModel.chart().get().lines().get(0).curve();
      chart.show(List.of(new PerplexityLine("dense", true, curve.perplexities(), curve.windows())));
      canvas.draw();
      milliseconds[redraw] = (System.nanoTime() - started) / 1e6;
    }
    Arrays.sort(milliseconds);
    System.out.printf(
        Locale.ROOT,
        "UI thread per redraw while %d points arrive: median %.1f ms, 95th percentile %.1f ms%n",
        POINTS,
        milliseconds[REDRAWS / 2],
        milliseconds[95 * REDRAWS / 100]);
  }
}
