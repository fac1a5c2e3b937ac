package org.espalier.report.chart;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where words still fit between the marks of a chart. Places that were given out are taken. */
final class FreePlaces {
  private static final double GAP = 4;
  private static final double STEP = 7;
  private static final int RINGS = 9;
  private static final int DIRECTIONS = 16;

  private final Rectangle2D area;
  private final List<Rectangle2D> taken;

  /**
   * Places inside an area.
   *
   * @param marks keep their places
   */
  FreePlaces(Rectangle2D area, List<Rectangle2D> marks) {
    this.area = area;
    taken = new ArrayList<>(marks);
  }

  /**
   * The free place nearest to a mark, right of it if it can be; empty if all near ones are taken.
   */
  Optional<Rectangle2D> beside(Rectangle2D mark, double width, double height) {
    for (int ring = 0; ring < RINGS; ring++) {
      double away = GAP + ring * STEP;
      for (int direction = 0; direction < DIRECTIONS; direction++) {
        // Right, left, and then alternately further up and down.
        int turn = (direction % 2 == 0 ? 0 : DIRECTIONS / 2) + turn(direction / 2);
        Rectangle2D place = place(mark, width, height, away, 2 * Math.PI * turn / DIRECTIONS);
        if (area.contains(place) && taken.stream().noneMatch(place::intersects)) {
          taken.add(place);
          return Optional.of(place);
        }
      }
    }
    return Optional.empty();
  }

  /** 0, 1, -1, 2, -2 and so on. */
  private static int turn(int step) {
    return step % 2 == 0 ? -step / 2 : (step + 1) / 2;
  }

  private static Rectangle2D place(
      Rectangle2D mark, double width, double height, double away, double angle) {
    double across = Math.cos(angle) * (mark.getWidth() / 2 + away + width / 2);
    double down = Math.sin(angle) * (mark.getHeight() / 2 + away + height / 2);
    return new Rectangle2D.Double(
        mark.getCenterX() + across - width / 2,
        mark.getCenterY() + down - height / 2,
        width,
        height);
  }
}
