package org.espalier.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void csvQuotesWhatNeedsIt() {
    Table table =
        new Table(
            List.of("model", "note"),
            List.of(List.of("a, b", "says \"x\""), List.of("two\nlines", "plain")));
    assertThat(table.toCsv())
        .isEqualTo("model,note\r\n\"a, b\",\"says \"\"x\"\"\"\r\n\"two\nlines\",plain\r\n");
  }

  @Test
  void rowsAreAsLongAsTheHeadings() {
    assertThatThrownBy(() -> new Table(List.of("a"), List.of(List.of("1", "2"))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
