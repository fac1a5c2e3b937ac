package org.espalier.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.espalier.corpus.BosRule;
import org.espalier.corpus.Corpus;
import org.espalier.task.EspalierException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextProtocolTest {
  @TempDir private Path folder;

  private Corpus read(String protocol, String file, String content) throws IOException {
    Path path = Files.writeString(folder.resolve(file), content);
    TextProtocol rules = TextProtocol.named(protocol);
    assertThat(rules.find(folder).orElse(path)).isEqualTo(path);
    return rules.read(path, 512);
  }

  @Test
  void wikitext_keeps_line_breaks_and_empty_rows() throws IOException {
    Corpus corpus = read("wikitext2", "wiki.test.raw", " \n = A = \n \n One .\n");

    assertThat(corpus.rows()).containsExactly("", " = A = \n", "", " One .\n");
    assertThat(TextProtocol.named("wikitext2").separator()).isEqualTo("\n\n");
    assertThat(TextProtocol.named("wikitext2").nameOf(corpus))
        .isEqualTo("WikiText-2 (wiki.test.raw)");
  }

  @Test
  void ptb_takes_the_sentences_of_text_or_jsonl() throws IOException {
    assertThat(read("ptb", "ptb.valid.txt", " no it was n't \n\n but \n").rows())
        .containsExactly("no it was n't", "but");
    assertThat(read("ptb", "ptb-valid.jsonl", "{\"sentence\":\"but\"}\n").rows())
        .containsExactly("but");
  }

  @Test
  void c4_takes_the_first_documents_only() throws IOException {
    TextProtocol c4 = TextProtocol.named("c4");
    Corpus corpus = read("c4", "c4-validation.jsonl", "{\"text\":\"d\"}\n".repeat(1200));

    assertThat(corpus.rows()).hasSize(1100);
    assertThat(c4.separator()).isEqualTo(" ");
    assertThat(c4.mostWindows()).isEqualTo(256);
  }

  @Test
  void any_text_stays_as_it_is() throws IOException {
    assertThat(read("text", "a.txt", " one\n two\n").rows()).containsExactly(" one\n two\n");
  }

  @Test
  void unknown_names_are_told_with_those_that_are_known() {
    assertThatThrownBy(() -> TextProtocol.named("wiki"))
        .isInstanceOf(EspalierException.class)
        .hasMessage("There is no text protocol wiki; choose from wikitext2, ptb, c4, text.");
    assertThatThrownBy(() -> BosRule.named("maybe"))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("tokenizer, none or always");
  }
}
