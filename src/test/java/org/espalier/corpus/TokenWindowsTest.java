package org.espalier.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.espalier.task.EspalierException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenWindowsTest {
  @TempDir Path folder;

  @Test
  void a_written_file_reads_back_equal() {
    TokenWindows windows = TokenWindows.of(new int[][] {{1, 2, 3}, {4, 5, 6}});
    Path file = folder.resolve("windows.json");

    windows.write(file);

    assertThat(TokenWindows.read(file, 7)).isEqualTo(windows).hasToString("2 windows of 3 tokens");
  }

  @Test
  void the_hash_depends_on_content_and_shape_only() {
    TokenWindows flat = TokenWindows.of(new int[][] {{1, 2, 3, 4}});
    TokenWindows split = TokenWindows.of(new int[][] {{1, 2}, {3, 4}});

    assertThat(flat.hash()).isNotEqualTo(split.hash()).hasSize(64);
    assertThat(TokenWindows.of(new int[][] {{1, 2, 3, 4}}).hash()).isEqualTo(flat.hash());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[[1,2],[3]] | window 1 has 1 ids but window 0 has 2",
        "[[1,2],[3,500]] | id 500 at position 1 of window 1 is outside the vocabulary of 500",
        "[[-1]] | id -1 at position 0 of window 0",
        "[[99999999999999999999999]] | id 99999999999999999999999 at position 0",
        "[[1.5]] | line 1, column 3: expected an id",
        "[[\"1\"]] | expected an id",
        "[[[1]]] | expected an id",
        "[[null]] | expected an id",
        "[1,2] | column 2: expected a list of ids",
        "{} | expected a list of windows",
        "[] | holds no token windows",
        "[[]] | window 0 is empty",
        "[[1,2] | cannot be read as token windows",
        "[[1,2]] [[3,4]] | expected nothing after the list",
        "[[01]] | cannot be read as token windows",
        "'' | expected a list of windows",
      })
  void a_bad_file_is_refused_with_file_and_place(String content, String reason) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.json"), content);

    assertThatThrownBy(() -> TokenWindows.read(file, 500))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("bad.json")
        .hasMessageContaining(reason);
  }

  @Test
  void deep_nesting_and_random_bytes_end_in_the_same_typed_error() throws IOException {
    Path file = folder.resolve("hostile.json");
    Files.writeString(file, "[".repeat(200_000));
    assertThatThrownBy(() -> TokenWindows.read(file, 500)).isInstanceOf(EspalierException.class);

    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      byte[] bytes = "[[1,2,3],[4,5,6]]".getBytes(java.nio.charset.StandardCharsets.UTF_8);
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      Files.write(file, bytes);
      try {
        assertThat(TokenWindows.read(file, 500).length()).isPositive();
      } catch (EspalierException expected) {
        assertThat(expected).hasMessageContaining("hostile.json");
      }
    }
  }

  @Test
  void cutting_a_stream_drops_the_rest() {
    TokenWindows windows = TokenWindows.cut(new int[] {1, 2, 3, 4, 5}, 2, "text");

    assertThat(windows).isEqualTo(TokenWindows.of(new int[][] {{1, 2}, {3, 4}}));
    assertThatThrownBy(() -> TokenWindows.cut(new int[3], 4, "notes.txt"))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("notes.txt holds 3 tokens, fewer than one window of 4");
  }

  @Test
  void fewer_or_shorter_windows_are_a_prefix() {
    TokenWindows windows = TokenWindows.of(new int[][] {{1, 2, 3}, {4, 5, 6}});

    assertThat(windows.first(1).shortenedTo(2)).isEqualTo(TokenWindows.of(new int[][] {{1, 2}}));
    assertThatThrownBy(() -> windows.first(3)).hasMessageContaining("there are 2");
    assertThatThrownBy(() -> windows.shortenedTo(4)).hasMessageContaining("hold 3");
  }
}
