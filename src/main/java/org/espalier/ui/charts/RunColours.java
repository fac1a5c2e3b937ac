package org.espalier.ui.charts;

import javafx.scene.paint.Color;
import org.espalier.report.chart.ChartStyle;
import org.espalier.ui.preferences.Theme;

/** Colours that stand for the draft, the dense model and the runs, the same in list and charts. */
public final class RunColours {
  /** Place of the dense model. */
  public static final int DENSE = -1;

  /** Place of the draft. */
  public static final int DRAFT = -2;

  private RunColours() {}

  /** How charts look in a theme. */
  public static ChartStyle style(Theme theme) {
    return switch (theme) {
      case LIGHT -> ChartStyle.LIGHT;
      case DARK -> ChartStyle.DARK;
      case CONTRAST -> ChartStyle.HIGH_CONTRAST;
    };
  }

  /** Colour of what stands at {@code place}: a run's place in the list, or one of the constants. */
  public static Color paint(Theme theme, int place) {
    ChartStyle style = style(theme);
    java.awt.Color colour =
        switch (place) {
          case DRAFT -> style.background();
          case DENSE -> style.dense();
          default -> style.run(place);
        };
    return Color.rgb(colour.getRed(), colour.getGreen(), colour.getBlue());
  }
}
