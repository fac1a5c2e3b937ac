package org.espalier.report.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.espalier.evaluation.PerplexityPoint;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.Protocol;
import org.espalier.report.FigureWriter;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.data.Range;
import org.jfree.data.xy.XYDataset;
import org.junit.jupiter.api.Test;

class PerplexityChartTest {
  private static PerplexityLine line(String name, boolean dense, double... values) {
    return new PerplexityLine(name, dense, DoubleStream.of(values).boxed().toList(), 4);
  }

  private static XYPlot plot(PerplexityChart chart) {
    return chart.chart().getXYPlot();
  }

  @Test
  void everyModelIsALineOverTheWindows() {
    PerplexityChart chart = new PerplexityChart("a text", ChartStyle.LIGHT);
    chart.show(List.of(line("dense", true, 6, 6.2, 6.1, 6.1), line("flap", false, 9, 8)));
    XYDataset data = plot(chart).getDataset();
    assertThat(data.getSeriesCount()).isEqualTo(2);
    assertThat(data.getItemCount(1)).isEqualTo(2);
    assertThat(data.getYValue(1, 1)).isEqualTo(8);
    assertThat(plot(chart).getDomainAxis().getRange().getUpperBound()).isEqualTo(4);
    assertThat(plot(chart).getRenderer().getSeriesPaint(0)).isEqualTo(ChartStyle.LIGHT.dense());
    assertThat(plot(chart).getRenderer().getSeriesPaint(1)).isEqualTo(ChartStyle.LIGHT.run(0));
  }

  @Test
  void twoRunsMayBearTheSameName() {
    PerplexityChart chart = new PerplexityChart("a text", ChartStyle.LIGHT);
    chart.show(List.of(line("flap", false, 6), line("flap", false, 9)));
    assertThat(plot(chart).getDataset().getSeriesCount()).isEqualTo(2);
  }

  @Test
  void valuesFarApartGetALogarithmicAxis() {
    PerplexityChart chart = new PerplexityChart("a text", ChartStyle.LIGHT);
    chart.show(List.of(line("dense", true, 6), line("random", false, 4000)));
    assertThat(plot(chart).getRangeAxis()).isInstanceOf(LogAxis.class);
    chart.show(List.of(line("dense", true, 6), line("flap", false, 9)));
    assertThat(plot(chart).getRangeAxis()).isNotInstanceOf(LogAxis.class);
  }

  @Test
  void aLowChartStillShowsTwoNumbers() {
    PerplexityChart chart = new PerplexityChart("a text", ChartStyle.LIGHT);
    chart.show(List.of(line("dense", true, 5.8), line("flap", false, 8.8)));
    Graphics2D graphics = new BufferedImage(270, 120, BufferedImage.TYPE_INT_RGB).createGraphics();
    chart.chart().draw(graphics, new Rectangle2D.Double(0, 0, 270, 120));
    graphics.dispose();
    double unit = ((NumberAxis) plot(chart).getRangeAxis()).getTickUnit().getSize();
    Range range = plot(chart).getRangeAxis().getRange();
    assertThat(Math.floor(range.getUpperBound() / unit) - Math.ceil(range.getLowerBound() / unit))
        .isPositive();
  }

  @Test
  void longEvaluationsStayLight() {
    PerplexityChart chart = new PerplexityChart("a text", ChartStyle.DARK);
    double[] many = IntStream.range(0, 10_000).mapToDouble(i -> 6 + i % 3).toArray();
    chart.show(List.of(line("dense", true, many)));
    XYDataset data = plot(chart).getDataset();
    assertThat(data.getItemCount(0)).isLessThan(2000);
    assertThat(data.getXValue(0, data.getItemCount(0) - 1)).isEqualTo(10_000);
    assertThat(chart.figure(300, 200).table().rows()).hasSize(10_000);
  }

  @Test
  void runningValuesFollowFromTheWindows() {
    Protocol protocol = new Protocol("t", "h", 8, 2, "none", "float32", "cpu", 0);
    PerplexityResult result =
        new PerplexityResult(Math.exp(1.5), List.of(1.0, 2.0), 14, 1, protocol);
    PerplexityLine finished = PerplexityLine.of("dense", true, result);
    assertThat(finished.perplexities().get(0)).isCloseTo(Math.E, within(1e-12));
    assertThat(finished.last()).isCloseTo(Math.exp(1.5), within(1e-12));
    assertThat(finished.isComplete()).isTrue();
    List<PerplexityPoint> points =
        List.of(new PerplexityPoint(1, 9, 1, 5), new PerplexityPoint(2, 9, 1, 4));
    PerplexityLine growing = PerplexityLine.of("flap", false, points);
    assertThat(growing.isComplete()).isFalse();
    assertThat(growing.last()).isEqualTo(4);
  }

  @Test
  void anEmptyChartAndOddValuesCanBeDrawn() {
    PerplexityChart chart = new PerplexityChart("a text", ChartStyle.LIGHT);
    assertThat(FigureWriter.image(chart.figure(300, 200), 1)).isNotNull();
    chart.show(List.of(line("broken", false, Double.NaN, Double.POSITIVE_INFINITY)));
    assertThat(FigureWriter.image(chart.figure(300, 200), 1)).isNotNull();
    chart.show(List.of(line("waiting", false)));
    assertThat(FigureWriter.image(chart.figure(300, 200), 1)).isNotNull();
  }
}
