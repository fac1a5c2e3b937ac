package org.espalier.recovery.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.espalier.corpus.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BytePairTrainerTest {
  @TempDir Path folder;

  @Test
  void the_most_frequent_pairs_are_merged_first_and_of_equals_the_lowest() {
    ObjectNode file = BytePairTrainer.train(List.of("abab abab ab c"), 261);

    assertThat(file.path("model").path("merges").toString())
        .isEqualTo("[\"a b\",\"Ġ ab\",\"Ġ c\"]");
  }

  @Test
  void the_tokenizers_library_reads_what_was_learned_and_any_text_comes_back() throws IOException {
    StoryGenerator generator = new StoryGenerator(5);
    List<String> stories = Stream.generate(generator::next).limit(200).toList();
    ObjectNode file = BytePairTrainer.train(stories, 600);
    Files.writeString(folder.resolve("tokenizer.json"), file.toString());

    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      assertThat(tokenizer.beginOfSequence()).isEqualTo(OptionalInt.of(BytePairTrainer.BEGIN));
      for (String text : List.of(stories.get(0), " two  spaces\n\nlines", "naïve 数 😀 \u0000")) {
        assertThat(tokenizer.decode(tokenizer.encodeStream(text))).isEqualTo(text);
        assertThat(Arrays.stream(tokenizer.encode(text))).allMatch(id -> id >= 2 && id < 600);
      }
      assertThat(tokenizer.encode(stories.get(0)).length).isLessThan(stories.get(0).length() / 2);
    }
  }

  @Test
  void text_without_further_pairs_ends_the_learning() {
    assertThat(BytePairTrainer.train(List.of("aa"), 1_000).path("model").path("vocab"))
        .hasSize(259);
  }
}
