package org.espalier.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Rectangle2D;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalDouble;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.evaluation.SpeedComparison.Spread;
import org.espalier.evaluation.SpeedResult;
import org.espalier.report.FigureFormat;
import org.espalier.report.FigureWriter;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.ui.RectangleEdge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpeedAndTradeOffChartTest {
  private static final SpeedComparison COMPARISON =
      new SpeedComparison(
          new SpeedResult(1234, 41.2, 1L << 30, 128, 128, 10, "cpu"),
          new SpeedResult(1710, 52.8, 1L << 29, 128, 128, 10, "cpu"),
          new Spread(1.3, 1.38, 1.4),
          new Spread(1.25, 1.28, 1.31));

  private static String written(ChartFigure figure, FigureFormat format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    FigureWriter.write(figure, format, out);
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @EnumSource
  void speedCanBeWrittenInEveryFormat(FigureFormat format) throws IOException {
    ChartFigure figure =
        SpeedChart.of(
            List.of(
                SpeedBar.dense(COMPARISON),
                SpeedBar.pruned("flap", COMPARISON, OptionalDouble.of(55)),
                SpeedBar.pruned("flap", COMPARISON)),
            "batch 1",
            ChartStyle.LIGHT,
            700);
    assertThat(written(figure, format)).hasSizeGreaterThan(100);
    assertThat(figure.table().rows().get(1))
        .containsExactly("flap", "1710.0", "52.8", "536870912", "1.38", "1.28", "55.0");
  }

  @Test
  void wordsBehindBarsHaveRoomInNarrowPlaces() {
    ValueAxis axis =
        SpeedChart.half(List.of(SpeedBar.pruned("flap", COMPARISON)), true, ChartStyle.LIGHT)
            .getCategoryPlot()
            .getRangeAxis();
    Rectangle2D narrow = new Rectangle2D.Double(0, 0, 190, 60);
    double end = axis.valueToJava2D(axis.getUpperBound(), narrow, RectangleEdge.BOTTOM);
    assertThat(190 - end)
        .isGreaterThanOrEqualTo(VeiledWords.width("52.8  ×1.28 (1.25–1.31)", true));
  }

  @ParameterizedTest
  @EnumSource
  void tradeOffsCanBeWrittenInEveryFormat(FigureFormat format) throws IOException {
    ChartFigure figure =
        TradeOffChart.of(
            "Perplexity against removed share",
            "removed share",
            List.of(
                new TradeOffPoint("a", "flap", 0.5, 16),
                new TradeOffPoint("b", "flap", 0.2, 7),
                new TradeOffPoint("c", "random", 0.2, 900)),
            6.1,
            "a text",
            ChartStyle.DARK,
            600,
            300);
    assertThat(written(figure, format)).hasSizeGreaterThan(80);
    assertThat(figure.table().columns())
        .containsExactly("model", "series", "removed share", "perplexity", "low", "high");
  }
}
