package org.espalier.recovery.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StoryGeneratorTest {
  @Test
  void the_same_seed_tells_the_same_stories() {
    assertThat(stories(3, 50)).isEqualTo(stories(3, 50)).isNotEqualTo(stories(4, 50));
  }

  @Test
  void thousands_of_sentences_are_distinct() {
    Set<String> sentences = new HashSet<>();
    stories(1, 2_000).forEach(story -> sentences.addAll(Arrays.asList(story.split("(?<=\\.) "))));

    assertThat(sentences).hasSizeGreaterThan(5_000);
  }

  @Test
  void every_story_is_plain_well_formed_text() {
    assertThat(stories(2, 5_000))
        .allSatisfy(
            story ->
                assertThat(story)
                    .matches("[A-Z\"][A-Za-z ,.!?:'\"]+[.\"]")
                    .doesNotContain("  ", " a a", " a u", " a o")
                    .satisfies(
                        text ->
                            assertThat(text.chars().filter(c -> c == '"').count() % 2).isZero()));
  }

  @Test
  void words_hold_through_a_story_and_numbers_add_up() {
    StoryGrammar grammar =
        StoryGrammar.parse(
            List.of(
                "list person name he",
                "Mara|she",
                "Tomas|he",
                "",
                "var a person",
                "var b person",
                "number n 7 7",
                "number m 2 2",
                "",
                "rule story",
                "{a} had {n}. <gave x=a y=b> {a.He} kept {n-m}.",
                "",
                "rule gave",
                "{x} gave [two] to {y}."));

    assertThat(new StoryGenerator(grammar, 1).next())
        .isIn(
            "Mara had seven. Mara gave two to Tomas. She kept five.",
            "Tomas had seven. Tomas gave two to Mara. He kept five.");
  }

  @Test
  void mistakes_in_a_grammar_are_named() {
    StoryGrammar grammar = StoryGrammar.parse(List.of("rule story", "<missing>"));

    assertThatThrownBy(() -> new StoryGenerator(grammar, 1).next())
        .hasMessageContaining("no rule <missing>");
    assertThatThrownBy(() -> StoryGrammar.parse(List.of("verb x"))).hasMessageContaining("verb x");
  }

  private static List<String> stories(long seed, int count) {
    StoryGenerator generator = new StoryGenerator(seed);
    return Stream.generate(generator::next).limit(count).toList();
  }
}
