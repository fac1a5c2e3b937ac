package org.espalier.report.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.HiddenChannels;
import org.espalier.allocation.PrunableModel;
import org.espalier.evaluation.PerplexityBand;
import org.espalier.evaluation.tasks.Metric;
import org.espalier.evaluation.tasks.PairedComparison;
import org.espalier.importance.ScoreAgreement;
import org.espalier.report.Figure;
import org.espalier.report.FigureFormat;
import org.espalier.report.FigureWriter;
import org.espalier.report.chart.ChartStyle;
import org.espalier.report.chart.ParetoChart;
import org.espalier.report.chart.ParetoChart.Across;
import org.espalier.report.chart.ParetoPoint;
import org.espalier.report.chart.TaskBar;
import org.espalier.report.chart.TaskChart;
import org.espalier.report.chart.TradeOffChart;
import org.espalier.report.chart.TradeOffPoint;
import org.espalier.report.heatmap.AgreementFigure;
import org.espalier.report.heatmap.EspalierPalette;
import org.espalier.report.heatmap.SilhouettesFigure;
import org.junit.jupiter.api.Test;

class ComparisonFiguresTest {
  private static final int KEPT = 0xff2d6e50;

  @Test
  void the_front_of_speed_quality_and_size_is_marked_and_models_without_speed_are_left_out() {
    List<ParetoPoint> points =
        List.of(
            point("dense", 1, 2.2, 100),
            point("good", 1.5, 2.4, 70),
            point("beaten", 1.4, 2.5, 75),
            point("untimed", Double.NaN, 2.3, 60));
    assertThat(ParetoChart.front(points, Across.SPEED)).containsExactly("dense", "good");
    assertThat(ParetoChart.front(points, Across.SIZE)).containsExactly("dense", "untimed");

    Figure figure =
        ParetoChart.of("Trade-off", "", points, Across.SPEED, ChartStyle.LIGHT, 600, 400);
    assertThat(figure.table().rows()).hasSize(3);
    assertThat(figure.table().toCsv()).contains("beaten,1.4,2.5,75,false");
    // Filled where nothing is better, open where something is.
    BufferedImage picture = FigureWriter.image(figure, 1);
    assertThat(count(picture, Color.BLUE)).isPositive();
    assertThat(count(picture, Color.BLUE)).isLessThan(count(picture, Color.RED));
  }

  private static ParetoPoint point(String name, double speed, double perplexity, long bytes) {
    Color colour =
        name.equals("good") ? Color.RED : name.equals("beaten") ? Color.BLUE : Color.GRAY;
    return new ParetoPoint(name, speed, perplexity, bytes, colour);
  }

  @Test
  void a_task_has_its_difference_to_the_dense_model_beside_its_value() {
    Metric dense = new Metric("acc", 0.6, 0.02);
    PairedComparison worse = new PairedComparison("acc", 100, -0.2, -0.3, -0.1, 25, 5, 0.0003);
    Figure figure =
        TaskChart.of(
            "Tasks",
            "",
            "dense",
            List.of(
                new TaskBar(
                    "PIQA",
                    "flap",
                    Color.RED,
                    new Metric("acc", 0.4, 0.02),
                    Optional.of(dense),
                    Optional.of(worse)),
                new TaskBar(
                    "PIQA",
                    "obs",
                    Color.BLUE,
                    new Metric("acc", 0.58, 0.02),
                    Optional.of(dense),
                    Optional.empty())),
            ChartStyle.LIGHT,
            600,
            400);
    assertThat(figure.table().toCsv())
        .contains("PIQA,flap,acc,0.4,0.02,0.6,-0.2,-0.3,-0.1,3.0E-4")
        .contains("PIQA,obs,acc,0.58,0.02,0.6,,,,");
    assertThat(count(FigureWriter.image(figure, 1), Color.RED)).isGreaterThan(500);
  }

  @Test
  void a_band_widens_the_scale_and_stands_in_the_numbers() {
    Figure figure =
        TradeOffChart.of(
            "Quality",
            "removed",
            List.of(
                new TradeOffPoint("a", "flap", 20, 3, Optional.of(new PerplexityBand(2.5, 3.6))),
                new TradeOffPoint("b", "flap", 40, 4)),
            2.2,
            "",
            ChartStyle.LIGHT,
            600,
            400);
    assertThat(figure.table().toCsv()).contains("a,flap,20.0,3.0,2.5,3.6").contains("4.0,,");
  }

  @Test
  void areas_of_silhouettes_are_what_is_kept() {
    Allocation dense = Allocation.dense(ComparedRuns.MODEL);
    Allocation half =
        new Allocation(
            dense.keptHeadGroups().stream().map(kept -> kept / 2).toList(),
            dense.keptChannels().stream().map(kept -> kept / 2).toList());
    int whole = count(FigureWriter.image(silhouettes(dense), 1), new Color(KEPT));
    int halved = count(FigureWriter.image(silhouettes(half), 1), new Color(KEPT));
    assertThat((double) halved / whole).isBetween(0.47, 0.53);
  }

  @Test
  void fewer_hidden_channels_make_every_row_lower() {
    Allocation dense = Allocation.dense(ComparedRuns.MODEL);
    int whole = count(FigureWriter.image(silhouettes(dense), 1), new Color(KEPT));
    int narrow = count(FigureWriter.image(silhouettes(dense.withHidden(16)), 1), new Color(KEPT));
    assertThat((double) narrow / whole).isBetween(0.22, 0.28);
  }

  private static Figure silhouettes(Allocation kept) {
    PrunableModel model =
        new PrunableModel(
            ComparedRuns.MODEL.blocks(),
            ComparedRuns.MODEL.layerParameters(),
            ComparedRuns.MODEL.totalParameters(),
            128,
            new HiddenChannels(64, 1, 1, 1));
    return new SilhouettesFigure(
        "Allocations",
        "",
        model,
        List.of(new SilhouettesFigure.Silhouette("run", "", kept, KEPT)),
        EspalierPalette.LIGHT,
        500,
        300);
  }

  @Test
  void agreement_is_written_block_by_block_and_every_figure_becomes_every_file() throws Exception {
    Figure figure =
        new AgreementFigure(
            "Agreement",
            "",
            new ScoreAgreement(
                List.of(
                    new ScoreAgreement.Pair(
                        "flap", "obs", List.of(0.5, Double.NaN), List.of(0.25, -0.125)))),
            EspalierPalette.DARK,
            700,
            300);
    assertThat(figure.table().toCsv())
        .contains("flap,obs,0,0.5,0.25")
        .contains("flap,obs,1,NaN,-0.125");
    for (FigureFormat format : FigureFormat.values()) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      FigureWriter.write(figure, format, out);
      assertThat(out.size()).as(format.toString()).isGreaterThan(60);
    }
  }

  private static int count(BufferedImage picture, Color colour) {
    return (int)
        IntStream.of(
                picture.getRGB(
                    0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth()))
            .filter(pixel -> pixel == colour.getRGB())
            .count();
  }
}
