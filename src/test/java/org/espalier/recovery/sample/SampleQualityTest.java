package org.espalier.recovery.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.espalier.corpus.TokenWindows;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample model must be good enough for pruning to have something to lose. */
class SampleQualityTest {
  @TempDir static Path folder;

  private static SampleMeasurements measurements;
  private static TokenWindows windows;
  private static double dense;

  @BeforeAll
  static void open() {
    measurements = new SampleMeasurements(folder);
    windows = measurements.windows(64);
    dense = measurements.perplexity(measurements.decoder(), windows);
  }

  @AfterAll
  static void close() {
    measurements.close();
  }

  @Test
  void on_held_out_text_it_is_far_better_than_a_trigram_model_of_the_same_tokens() {
    assertThat(dense).isLessThan(0.6 * measurements.trigramPerplexity(8_000, windows));
  }

  @Test
  void the_held_out_text_was_not_trained_on() {
    Set<String> trained =
        new HashSet<>(Arrays.asList(SampleText.TRAINING.of(40_000).split("\n\n")));

    assertThat(SampleText.EVALUATION.of(500).split("\n\n")).noneMatch(trained::contains);
  }

  @Test
  void at_half_its_parameters_flap_leaves_far_more_than_chance() {
    double flap = perplexityAfter("flap", Map.of());
    double random = perplexityAfter("random", Map.of("seed", "1"));
    double repaired = perplexityAfter("random", Map.of("seed", "1", "compensation", "true"));

    assertThat(flap).isGreaterThan(dense).isLessThan(0.7 * repaired).isLessThan(0.7 * random);
  }

  private static double perplexityAfter(String method, Map<String, String> parameters) {
    return measurements.perplexity(measurements.pruned(method, parameters, 0.5), windows);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"One cold morning", "Petra found a brown dog in the barn.", "In Fernhill"})
  void its_greedy_continuations_are_sentences_of_known_words(String prompt) {
    Set<String> known = words(SampleText.TRAINING.of(5_000));

    String continuation = measurements.greedy(measurements.decoder(), prompt, 60);

    assertThat(words(continuation)).hasSizeGreaterThan(15);
    assertThat(known).containsAll(words(wholeWords(continuation)));
    assertThat(continuation).containsPattern("[a-z][.!?]\"? [A-Z\"]");
  }

  /** Without the last word, which the limit may have cut. */
  private static String wholeWords(String text) {
    return text.substring(0, text.lastIndexOf(' '));
  }

  private static Set<String> words(String text) {
    return Arrays.stream(text.split("[^A-Za-z]+"))
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toSet());
  }
}
