package org.espalier.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.espalier.task.EspalierException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
  @TempDir Path folder;

  @Test
  void plain_text_is_one_row_unchanged() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), " one\r\n\r\ntwo \n");

    assertThat(Corpus.read(file, 10).rows()).containsExactly(" one\r\n\r\ntwo \n");
  }

  @Test
  void json_lines_give_their_text_fields() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("a.jsonl"), "{\"text\":\"one\"}\n\n{\"id\":1,\"text\":\"t\\nwo\"}\n");

    assertThat(Corpus.read(file, 10).rows()).containsExactly("one", "t\nwo");
  }

  @Test
  void raw_wikitext_keeps_line_breaks_and_empty_rows() throws IOException {
    Path file = Files.writeString(folder.resolve("wiki.test.raw"), " \n = Title = \n \n Text .\n");

    assertThat(Corpus.read(file, 10).rows()).containsExactly("", " = Title = \n", "", " Text .\n");
  }

  @Test
  void json_gives_ready_windows() throws IOException {
    Path file = Files.writeString(folder.resolve("w.json"), "[[1,2,3],[4,5,6],[7,8,9]]");
    Corpus corpus = Corpus.read(file, 10);

    Calibration calibration =
        Calibration.of(corpus, null, OptionalInt.of(2), OptionalInt.empty(), 5);

    assertThat(calibration.windows())
        .isEqualTo(TokenWindows.of(new int[][] {{1, 2, 3}, {4, 5, 6}}));
    assertThat(calibration.description()).isEqualTo("2 windows of 3 tokens, the first of w.json");
  }

  @Test
  void unusable_files_are_refused_by_name() throws IOException {
    Path latin = Files.write(folder.resolve("latin.txt"), new byte[] {'a', (byte) 0xE9, 'b'});
    Path blank = Files.writeString(folder.resolve("blank.txt"), " \n");
    Path untitled = Files.writeString(folder.resolve("u.jsonl"), "{\"text\":\"a\"}\n{\"t\":1}\n");
    Path broken = Files.writeString(folder.resolve("b.jsonl"), "{\"text\":\n");

    Path huge = folder.resolve("huge.txt");
    try (RandomAccessFile sparse = new RandomAccessFile(huge.toFile(), "rw")) {
      sparse.setLength((1L << 30) + 1);
    }

    assertRefused(huge, "more than text is read from");
    assertRefused(latin, "latin.txt is not UTF-8");
    assertRefused(blank, "blank.txt holds no text");
    assertRefused(untitled, "line 2");
    assertRefused(broken, "line 1: not valid JSON");
    assertRefused(folder.resolve("none.txt"), "There is no text file");
    assertRefused(folder, "There is no text file");
  }

  private static void assertRefused(Path file, String reason) {
    assertThatThrownBy(() -> Corpus.read(file, 10))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining(reason);
  }
}
