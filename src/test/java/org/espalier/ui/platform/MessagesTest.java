package org.espalier.ui.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MessagesTest {
  private static final Pattern IN_LAYOUT = Pattern.compile("\"%([A-Za-z.]+)\"");
  private static final Pattern KEY = Pattern.compile("\"([a-z][A-Za-z]*(?:\\.[A-Za-z_]+)+)\"");
  private static final Pattern BEGINNING = Pattern.compile("\"([a-z][A-Za-z.]*\\.)\"");

  private final Set<String> known = new TreeSet<>(new Messages().bundle().keySet());

  @Test
  void every_text_that_a_layout_asks_for_exists() throws IOException {
    assertThat(known).containsAll(found(Path.of("resources/fxml"), IN_LAYOUT));
  }

  @Test
  void no_text_is_left_over() throws IOException {
    Set<String> used = found(Path.of("resources/fxml"), IN_LAYOUT);
    Set<String> inCode = found(Path.of("src/main/java/org/espalier/ui"), KEY);
    Set<String> beginnings = found(Path.of("src/main/java/org/espalier/ui"), BEGINNING);
    for (String key : known) {
      boolean composed = beginnings.stream().anyMatch(key::startsWith);
      assertThat(used.contains(key) || inCode.contains(key) || composed).as(key).isTrue();
    }
  }

  @Test
  void fills_in_numbers_in_one_way_everywhere() {
    assertThat(new Messages().text("hover.parameters", 27_648L))
        .isEqualTo("27,648 parameters each");
  }

  private static Set<String> found(Path folder, Pattern pattern) throws IOException {
    Set<String> keys = new TreeSet<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Matcher matcher = pattern.matcher(Files.readString(file));
        while (matcher.find()) {
          keys.add(matcher.group(1));
        }
      }
    }
    return keys;
  }
}
