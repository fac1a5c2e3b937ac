package org.espalier.ui.help;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.espalier.pruning.MethodDescription;
import org.espalier.pruning.MethodRegistry;
import org.espalier.ui.platform.Messages;
import org.junit.jupiter.api.Test;

class HelpTest {
  private static final Pattern BUTTON = Pattern.compile("<HelpButton [^>]*view=\"([A-Z_]+)\"");

  /** Layouts that are a part of another, which explains them, or text that speaks for itself. */
  private static final Set<String> PARTS =
      Set.of(
          "About.fxml",
          "Closing.fxml",
          "ComparisonTable.fxml",
          "Continuations.fxml",
          "FirstSteps.fxml",
          "JobLog.fxml",
          "Main.fxml",
          "Toolbar.fxml",
          "DraftMenu.fxml",
          "Perplexity.fxml",
          "Speed.fxml",
          "Trash.fxml");

  private final Messages messages = new Messages();

  @Test
  void every_method_and_every_parameter_has_a_paragraph_and_a_source() {
    List<MethodDescription> methods = MethodRegistry.standard().descriptions();
    assertThat(methods).hasSizeGreaterThan(9);
    for (MethodDescription method : methods) {
      HelpTopic topic = new MethodHelp(method).topic(messages);
      assertComplete(topic, method.name());
      assertThat(topic.parts()).as(method.name()).hasSize(method.parameters().size() + 1);
      method
          .parameters()
          .forEach(
              parameter ->
                  assertThat(new ParameterHelp(method, parameter).topic(messages))
                      .satisfies(
                          help -> assertComplete(help, method.name() + " " + parameter.name()))
                      .satisfies(
                          help ->
                              assertThat(help.text())
                                  .contains(parameter.description())
                                  .contains(parameter.defaultValue())
                                  .contains(parameter.range().words())));
    }
  }

  @Test
  void every_view_and_every_number_has_a_paragraph_and_a_source() {
    Stream.of(ViewHelp.values()).forEach(view -> assertComplete(view.topic(messages), view.name()));
    Stream.of(NumberHelp.values())
        .forEach(number -> assertComplete(number.topic(messages), number.name()));
  }

  @Test
  void no_text_of_the_help_is_left_over() {
    Set<String> known = new TreeSet<>();
    messages.bundle().keySet().stream()
        .filter(key -> key.startsWith("help.view.") || key.startsWith("help.number."))
        .forEach(known::add);
    Set<String> asked = new TreeSet<>();
    Stream.of(ViewHelp.values()).forEach(view -> asked.add("help.view." + view));
    Stream.of(NumberHelp.values()).forEach(number -> asked.add("help.number." + number));
    assertThat(known)
        .allSatisfy(
            key -> assertThat(asked).as(key).contains(key.substring(0, key.lastIndexOf('.'))));
  }

  @Test
  void every_layout_has_a_question_mark_and_every_view_is_reached_from_one() throws IOException {
    Map<String, List<ViewHelp>> layouts = new TreeMap<>();
    try (Stream<Path> files = Files.list(Path.of("resources/fxml"))) {
      for (Path file : files.toList()) {
        List<ViewHelp> views = new ArrayList<>();
        Matcher matcher = BUTTON.matcher(Files.readString(file));
        while (matcher.find()) {
          views.add(ViewHelp.valueOf(matcher.group(1)));
        }
        layouts.put(file.getFileName().toString(), views);
      }
    }
    Set<ViewHelp> views = EnumSet.noneOf(ViewHelp.class);
    Set<NumberHelp> numbers = EnumSet.noneOf(NumberHelp.class);
    layouts.forEach(
        (layout, explained) -> {
          if (!PARTS.contains(layout)) {
            assertThat(explained).as(layout).isNotEmpty();
          }
          explained.forEach(view -> reach(view, views, numbers));
        });
    assertThat(views).containsExactlyInAnyOrder(ViewHelp.values());
    assertThat(numbers).containsExactlyInAnyOrder(NumberHelp.values());
  }

  private void reach(HelpSubject subject, Set<ViewHelp> views, Set<NumberHelp> numbers) {
    if (subject instanceof NumberHelp number) {
      numbers.add(number);
    } else if (subject instanceof ViewHelp view && views.add(view)) {
      view.topic(messages).parts().forEach(part -> reach(part, views, numbers));
    }
  }

  private static void assertComplete(HelpTopic topic, String name) {
    assertThat(topic.title()).as("title of " + name).isNotBlank();
    assertThat(topic.text()).as("text of " + name).hasSizeGreaterThan(20);
    assertThat(topic.text()).as("text of " + name).endsWith(".").doesNotContain("\n");
    assertThat(topic.source()).as("source of " + name).hasSizeGreaterThan(7);
  }
}
