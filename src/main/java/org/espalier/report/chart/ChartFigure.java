package org.espalier.report.chart;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import org.espalier.report.Figure;
import org.espalier.report.Table;
import org.jfree.chart.JFreeChart;

/** A chart, ready for a file. */
public record ChartFigure(String title, JFreeChart chart, Table table, int width, int height)
    implements Figure {
  @Override
  public void draw(Graphics2D graphics) {
    chart.draw(graphics, new Rectangle2D.Double(0, 0, width, height));
  }
}
