package org.espalier.report;

import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2D;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.espalier.task.EspalierException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Writes figures into files. Needs neither a display nor a window. */
public final class FigureWriter {
  private static final double PNG_SCALE = 2;
  private static final String SVG_NAMESPACE = "http://www.w3.org/2000/svg";

  private FigureWriter() {}

  /**
   * Writes a figure beside its place first and then moves it there, so that no half-written file
   * ever stands under the final name.
   *
   * @throws EspalierException if the file cannot be written
   */
  public static void write(Figure figure, FigureFormat format, Path file) {
    Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished))) {
        write(figure, format, out);
      }
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new EspalierException(
          "The picture "
              + file
              + " cannot be written ("
              + e.getMessage()
              + "); choose another"
              + " place or free some space.",
          e);
    } finally {
      unfinished.toFile().delete();
    }
  }

  /** Writes a figure to a stream, which stays open. */
  public static void write(Figure figure, FigureFormat format, OutputStream out)
      throws IOException {
    switch (format) {
      case PNG -> ImageIO.write(image(figure, PNG_SCALE), "png", out);
      case SVG -> writeSvg(figure, out);
      case PDF -> writePdf(figure, out);
      case CSV -> out.write(figure.table().toCsv().getBytes(StandardCharsets.UTF_8));
    }
    out.flush();
  }

  /** The figure as pixels, {@code scale} of them for each logical one. */
  public static BufferedImage image(Figure figure, double scale) {
    BufferedImage image =
        new BufferedImage(
            (int) Math.ceil(figure.width() * scale),
            (int) Math.ceil(figure.height() * scale),
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      graphics.scale(scale, scale);
      figure.draw(graphics);
    } finally {
      graphics.dispose();
    }
    return image;
  }

  private static void writeSvg(Figure figure, OutputStream out) throws IOException {
    Document document = emptySvg();
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
    context.setComment(figure.title().replace("--", "- -"));
    SVGGraphics2D graphics = new SVGGraphics2D(context, false);
    graphics.setSVGCanvasSize(new Dimension(figure.width(), figure.height()));
    figure.draw(graphics);
    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    Element root = graphics.getRoot();
    readableWithoutTypeface(root);
    graphics.stream(root, writer, true, false);
    writer.flush();
    graphics.dispose();
  }

  /** Names what to take where our typeface is not installed; a viewer's own choice has serifs. */
  private static void readableWithoutTypeface(Element element) {
    if (element.hasAttribute("font-family")) {
      element.setAttribute("font-family", element.getAttribute("font-family") + ", sans-serif");
    }
    for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element inner) {
        readableWithoutTypeface(inner);
      }
    }
  }

  private static Document emptySvg() {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument(SVG_NAMESPACE, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the Java runtime cannot make XML documents", e);
    }
  }

  private static void writePdf(Figure figure, OutputStream out) throws IOException {
    try (PDDocument document = new PDDocument()) {
      document.getDocumentInformation().setTitle(figure.title());
      PDPage page = new PDPage(new PDRectangle(figure.width(), figure.height()));
      document.addPage(page);
      PdfBoxGraphics2D graphics = new PdfBoxGraphics2D(document, figure.width(), figure.height());
      figure.draw(graphics);
      graphics.dispose();
      try (PDPageContentStream content = new PDPageContentStream(document, page)) {
        content.drawForm(graphics.getXFormObject());
      }
      document.save(out);
    }
  }
}
