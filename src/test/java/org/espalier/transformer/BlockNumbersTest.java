package org.espalier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.espalier.task.EspalierException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockNumbersTest {
  private static final Path FOLDER = Path.of("model");

  private static ObjectNode json(String numbers) throws JsonProcessingException {
    return (ObjectNode)
        new ObjectMapper().readTree("{\"" + BlockNumbers.KEY + "\": " + numbers + "}");
  }

  @Test
  void blocks_are_counted_from_zero_where_nothing_else_is_said() throws Exception {
    assertThat(BlockNumbers.read(FOLDER, json("null"), 3)).containsExactly(0, 1, 2);
  }

  @Test
  void what_is_written_is_read_back() throws Exception {
    ObjectNode json = json("[0, 1]");
    BlockNumbers.write(json, List.of(2, 3, 31));

    assertThat(BlockNumbers.read(FOLDER, json, 3)).containsExactly(2, 3, 31);
  }

  @Test
  void a_key_that_says_nothing_is_left_out() throws Exception {
    ObjectNode json = json("[4, 5, 6]");
    BlockNumbers.write(json, List.of(0, 1, 2));

    assertThat(json.has(BlockNumbers.KEY)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[0, 1]",
        "[0, 1, 2, 3]",
        "[0, 2, 1]",
        "[0, 1, 1]",
        "[-1, 0, 1]",
        "[0, 1, 1.5]",
        "[0, 1, \"2\"]",
        "[0, 1, null]",
        "[0, 1, 99999999999999999999]",
        "[0, 1, 2000000000]",
        "[[0], [1], [2]]",
        "[]",
        "{}",
        "{\"a\": 0, \"b\": 1, \"c\": 2}",
        "\"0 1 2\"",
        "3",
        "true"
      })
  void other_values_end_in_a_sentence_that_says_how_to_go_on(String numbers) throws Exception {
    ObjectNode json = json(numbers);

    assertThatThrownBy(() -> BlockNumbers.read(FOLDER, json, 3))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining(BlockNumbers.KEY)
        .hasMessageContaining("3 whole numbers")
        .hasMessageContaining("remove the key");
  }
}
