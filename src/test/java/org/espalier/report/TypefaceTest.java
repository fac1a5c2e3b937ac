package org.espalier.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ResourceBundle;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypefaceTest {
  private static final FontRenderContext EXACT = new FontRenderContext(null, true, true);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void all_digits_are_equally_wide(boolean bold) {
    Font font = Typeface.of(100, bold);

    assertThat(font.getFamily()).isEqualTo(Typeface.FAMILY);
    double[] widths =
        IntStream.rangeClosed('0', '9')
            .mapToDouble(digit -> width(font, digit))
            .distinct()
            .toArray();
    assertThat(widths).hasSize(1);
  }

  @Test
  void bold_is_a_face_of_its_own() {
    assertThat(width(Typeface.of(100, true), 'W'))
        .isNotEqualTo(width(Typeface.of(100, false), 'W'));
  }

  @Test
  void has_every_character_of_the_programs_texts() {
    ResourceBundle texts = ResourceBundle.getBundle("i18n.messages");
    Font font = Typeface.of(12, false);

    assertThat(texts.keySet()).isNotEmpty();
    assertThat(texts.keySet())
        .allSatisfy(key -> assertThat(font.canDisplayUpTo(texts.getString(key))).isEqualTo(-1));
  }

  @Test
  void comes_with_its_licence() throws IOException {
    try (InputStream licence = Typeface.open("/fonts/IBMPlexSans-LICENSE.txt")) {
      assertThat(new String(licence.readAllBytes(), StandardCharsets.UTF_8))
          .contains("SIL OPEN FONT LICENSE", "Plex");
    }
  }

  private static double width(Font font, int character) {
    return font.getStringBounds(Character.toString(character), EXACT).getWidth();
  }
}
