package org.espalier.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FreePlacesTest {
  private static final Rectangle2D AREA = new Rectangle2D.Double(0, 0, 600, 300);

  private static Rectangle2D mark(double x, double y) {
    return new Rectangle2D.Double(x - 8, y - 8, 16, 16);
  }

  @Test
  void a_name_stands_right_of_a_mark_that_is_alone() {
    Rectangle2D mark = mark(100, 100);
    Rectangle2D place = new FreePlaces(AREA, List.of(mark)).beside(mark, 60, 14).orElseThrow();
    assertThat(place.getMinX()).isBetween(mark.getMaxX(), mark.getMaxX() + 6);
    assertThat(place.getCenterY()).isEqualTo(mark.getCenterY());
  }

  @Test
  void a_name_stands_left_of_a_mark_at_the_right_border() {
    Rectangle2D mark = mark(585, 100);
    Rectangle2D place = new FreePlaces(AREA, List.of(mark)).beside(mark, 60, 14).orElseThrow();
    assertThat(place.getMaxX()).isLessThan(mark.getMinX());
  }

  @Test
  void names_of_a_crowd_cover_neither_each_other_nor_any_mark() {
    Random random = new Random(7);
    List<Rectangle2D> marks = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      marks.add(mark(100 + 180 * random.nextDouble(), 120 + 60 * random.nextDouble()));
    }
    FreePlaces places = new FreePlaces(AREA, marks);
    List<Rectangle2D> names =
        marks.stream().map(mark -> places.beside(mark, 70, 14)).flatMap(Optional::stream).toList();
    assertThat(names).hasSizeGreaterThan(12).allMatch(AREA::contains);
    for (int i = 0; i < names.size(); i++) {
      Rectangle2D name = names.get(i);
      assertThat(marks).noneMatch(name::intersects);
      assertThat(names.subList(i + 1, names.size())).noneMatch(name::intersects);
    }
  }

  @Test
  void where_there_is_no_room_at_all_there_is_no_name() {
    Rectangle2D small = new Rectangle2D.Double(0, 0, 40, 40);
    assertThat(new FreePlaces(small, List.of()).beside(mark(20, 20), 60, 14)).isEmpty();
  }
}
