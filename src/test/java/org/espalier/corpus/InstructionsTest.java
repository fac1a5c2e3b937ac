package org.espalier.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.espalier.corpus.TrainingExamples.Example;
import org.espalier.task.EspalierException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstructionsTest {
  private static final Path SAMPLE = Path.of("resources/sample");

  @TempDir Path folder;

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("instructions.json"), content);
  }

  @Test
  void a_list_and_objects_in_a_row_are_read_alike() throws IOException {
    String first = "{\"instruction\": \"Add\", \"input\": \"1 and 2\", \"output\": \"3\"}";
    String second = "{\"instruction\": \"Greet\", \"output\": \"Hello\"}";

    Instructions list = Instructions.read(file("[" + first + "," + second + "]"));
    Instructions row = Instructions.read(file(first + "\n" + second + "\n"));

    assertThat(list).isEqualTo(row);
    assertThat(list.list()).hasSize(2);
    assertThat(list.list().get(0).prompt())
        .contains("paired with an input", "### Instruction:\nAdd\n", "### Input:\n1 and 2\n")
        .endsWith("### Response:\n");
    assertThat(list.list().get(1).prompt()).doesNotContain("input", "Input");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "[1]",
        "{",
        "[{\"instruction\": \"a\"}]",
        "[{\"instruction\": \"a\", \"output\": 3}]",
        "[{\"instruction\": \"a\", \"output\": \"b\"}, {\"output\": \"b\"}]",
        "[{\"instruction\": \"a\", \"instruction\": \"b\", \"output\": \"b\"}]"
      })
  void anything_else_ends_in_a_sentence_that_names_the_file(String content) throws IOException {
    Path file = file(content);

    assertThatThrownBy(() -> Instructions.read(file))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void only_the_response_is_to_be_predicted_and_a_short_one_ends() throws IOException {
    Instructions instructions =
        Instructions.read(
            file("[{\"instruction\": \"Tell\", \"output\": \"The cat sat on a mat.\"}]"));
    try (Tokenizer tokenizer = Tokenizer.open(SAMPLE)) {
      Example example = TrainingExamples.of(instructions, tokenizer, 256).list().get(0);
      int[] scored = new int[example.scored()];
      System.arraycopy(example.ids(), example.firstScored(), scored, 0, scored.length);

      assertThat(tokenizer.decode(scored)).isEqualTo("The cat sat on a mat.");
      assertThat(example.ids())
          .startsWith(tokenizer.beginOfSequence().getAsInt())
          .endsWith(tokenizer.endOfSequence().getAsInt());
    }
  }

  @Test
  void long_ones_are_cut_and_those_without_room_left_out() throws IOException {
    Instructions instructions =
        Instructions.read(
            file("[{\"instruction\": \"Tell\", \"output\": \"The cat sat on a mat.\"}]"));
    try (Tokenizer tokenizer = Tokenizer.open(SAMPLE)) {
      int whole = TrainingExamples.of(instructions, tokenizer, 256).list().get(0).ids().length;
      Example cut = TrainingExamples.of(instructions, tokenizer, whole - 3).list().get(0);

      assertThat(cut.ids()).hasSize(whole - 3);
      assertThatThrownBy(() -> TrainingExamples.of(instructions, tokenizer, 10))
          .isInstanceOf(EspalierException.class)
          .hasMessageContaining("10 tokens");
    }
  }
}
