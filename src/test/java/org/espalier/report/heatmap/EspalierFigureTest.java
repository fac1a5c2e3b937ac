package org.espalier.report.heatmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.report.FigureFormat;
import org.espalier.report.FigureWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EspalierFigureTest {
  private static final Path PICTURES = Path.of("target", "pictures");

  private static EspalierFigure figure(PrunableModel model, UnitOrder order, boolean dark) {
    return new EspalierFigure(
        Examples.picture(model, 0.3, Examples.someLocks(model), order),
        "FLAP, 30 % of the prunable parameters",
        "128 windows of 128 tokens, seed 0 & <corrected>",
        dark ? EspalierPalette.DARK : EspalierPalette.LIGHT);
  }

  private static byte[] bytes(FigureFormat format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    FigureWriter.write(figure(Examples.model(6, 8, 300), UnitOrder.BY_SCORE, false), format, out);
    return out.toByteArray();
  }

  /** Leaves pictures to look at. */
  @ParameterizedTest
  @CsvSource({
    "5, 4, 172, BY_SCORE, false",
    "32, 8, 14336, BY_SCORE, false",
    "32, 8, 14336, BY_INDEX, true",
    "100, 64, 8192, BY_SCORE, true"
  })
  void realShapesBecomePictures(
      int blocks, int headGroups, int channels, UnitOrder order, boolean dark) throws IOException {
    Files.createDirectories(PICTURES);
    Path file = PICTURES.resolve("espalier-" + blocks + "-" + headGroups + "-" + order + ".png");
    EspalierFigure figure = figure(Examples.model(blocks, headGroups, channels), order, dark);
    FigureWriter.write(figure, FigureFormat.PNG, file);
    assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(2 * figure.width());
  }

  @Test
  void pngHasTwoPixelsForEachLogicalOne() throws IOException {
    EspalierFigure figure = figure(Examples.model(6, 8, 300), UnitOrder.BY_SCORE, false);
    assertThat(ImageIO.read(new ByteArrayInputStream(bytes(FigureFormat.PNG))).getHeight())
        .isEqualTo(2 * figure.height());
  }

  @Test
  void svgKeepsItsWordsAsText() throws IOException {
    assertThat(new String(bytes(FigureFormat.SVG), StandardCharsets.UTF_8))
        .contains("<svg")
        .contains("seed 0 &amp; &lt;corrected&gt;")
        .contains("feed-forward kept");
  }

  @Test
  void pdfIsOnePageWithItsTitle() throws IOException {
    try (PDDocument document = Loader.loadPDF(bytes(FigureFormat.PDF))) {
      assertThat(document.getNumberOfPages()).isEqualTo(1);
      assertThat(document.getDocumentInformation().getTitle())
          .isEqualTo("FLAP, 30 % of the prunable parameters");
    }
  }

  @Test
  void csvListsEverySubLayer() throws IOException {
    String csv = new String(bytes(FigureFormat.CSV), StandardCharsets.UTF_8);
    assertThat(csv.lines()).hasSize(13);
    assertThat(csv)
        .startsWith("block,subLayer,units,kept,removedShare,hold\r\n0,attention,8,8,0.0,locked");
  }

  @Test
  void aModelWithoutScoresShowsItsShape() {
    PrunableModel model = Examples.model(3, 4, 20);
    EspalierPicture picture =
        new EspalierPicture(
            model,
            Optional.empty(),
            Allocation.dense(model),
            Locks.NONE,
            UnitOrder.BY_INDEX,
            Normalisation.GLOBAL);
    assertThat(
            FigureWriter.image(new EspalierFigure(picture, "dense", "", EspalierPalette.DARK), 1))
        .isNotNull();
  }
}
