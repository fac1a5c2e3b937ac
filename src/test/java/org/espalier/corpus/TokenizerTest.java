package org.espalier.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.espalier.task.EspalierException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerTest {
  /** Three characters, one merge, two special tokens. */
  private static final String TINY =
      """
      {"version":"1.0","truncation":{"direction":"Right","max_length":4,"strategy":"LongestFirst",
       "stride":0},"padding":null,
       "added_tokens":[
        {"id":0,"content":"<s>","single_word":false,"lstrip":false,"rstrip":false,
         "normalized":false,"special":true}],
       "normalizer":null,"pre_tokenizer":null,"post_processor":%s,"decoder":null,
       "model":{"type":"BPE","vocab":{"<s>":0,"a":1,"b":2,"ab":3},"merges":[["a","b"]]}}
      """;

  private static final String BEGINS_WITH_BOS =
      """
      {"type":"TemplateProcessing",
       "single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
       "pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],
       "special_tokens":{"<s>":{"id":"<s>","ids":[0],"tokens":["<s>"]}}}
      """;

  @TempDir Path folder;

  private Tokenizer tiny(String postProcessor, String settings) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), TINY.formatted(postProcessor));
    if (settings != null) {
      Files.writeString(folder.resolve("tokenizer_config.json"), settings);
    }
    return Tokenizer.open(folder);
  }

  @Test
  void a_template_that_begins_with_a_special_token_means_one_bos() throws IOException {
    try (Tokenizer tokenizer = tiny(BEGINS_WITH_BOS, null)) {
      assertThat(tokenizer.beginOfSequence()).isEqualTo(OptionalInt.of(0));
      assertThat(tokenizer.encode("aba")).containsExactly(3, 1);
      assertThat(tokenizer.encodeStream("aba")).containsExactly(0, 3, 1);
      assertThat(tokenizer.encodeStream("<s>aba")).containsExactly(0, 3, 1);
      assertThat(tokenizer.decode(new int[] {0, 3})).isEqualTo("ab");
    }
  }

  @Test
  void settings_may_ask_for_bos_when_the_template_does_not() throws IOException {
    try (Tokenizer tokenizer =
        tiny("null", "{\"add_bos_token\":true,\"bos_token\":{\"content\":\"<s>\"}}")) {
      assertThat(tokenizer.encodeStream("b")).containsExactly(0, 2);
    }
  }

  @Test
  void without_either_there_is_no_bos() throws IOException {
    try (Tokenizer tokenizer = tiny("null", "{\"bos_token\":\"<s>\"}")) {
      assertThat(tokenizer.beginOfSequence()).isEmpty();
      assertThat(tokenizer.encodeStream("b")).containsExactly(2);
    }
  }

  @Test
  void long_text_is_not_truncated_whatever_the_file_says() throws IOException {
    try (Tokenizer tokenizer = tiny("null", null)) {
      assertThat(tokenizer.encode("a".repeat(5_000))).hasSize(5_000);
    }
  }

  @Test
  void text_that_is_no_valid_unicode_does_no_harm() throws IOException {
    try (Tokenizer tokenizer = tiny("null", null)) {
      assertThat(tokenizer.encode("a\ud800")).containsExactly(1);
      assertThat(tokenizer.encode("")).isEmpty();
      assertThat(tokenizer.decode(new int[] {1, 4000, -1})).isEqualTo("a");
    }
  }

  @Test
  void missing_or_broken_files_are_refused_by_name() throws IOException {
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("There is no tokenizer.json");

    Files.writeString(folder.resolve("tokenizer.json"), "{\"model\":");
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void sampled_calibration_depends_on_the_seed_only() throws IOException {
    try (Tokenizer tokenizer = tiny(BEGINS_WITH_BOS, null)) {
      Corpus corpus = Corpus.ofText("letters", "aabbba".repeat(100));
      OptionalInt samples = OptionalInt.of(20);
      OptionalInt length = OptionalInt.of(16);

      Calibration first = Calibration.of(corpus, tokenizer, samples, length, 1);

      assertThat(first.windows().count()).isEqualTo(20);
      assertThat(first.windows().length()).isEqualTo(16);
      assertThat(Calibration.of(corpus, tokenizer, samples, length, 1)).isEqualTo(first);
      assertThat(Calibration.of(corpus, tokenizer, samples, length, 2).hash())
          .isNotEqualTo(first.hash());
      assertThatThrownBy(
              () -> Calibration.of(Corpus.ofText("letters", "aa"), tokenizer, samples, length, 1))
          .isInstanceOf(EspalierException.class)
          .hasMessageContaining("letters holds 3 tokens");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gpt2, tokenizers/gpt2",
    "olmo-gptneox, tokenizers/olmo-gptneox",
    "phi-2, tokenizers/phi-2",
    "llama2-repaired, tokenizers/llama2",
    "stories260K-hf, models/stories260K"
  })
  void ids_of_real_tokenizers_equal_the_reference(String name, String data) throws IOException {
    Path cases = shared("golden/tokenizers/" + name + ".json");
    try (Tokenizer tokenizer = Tokenizer.open(shared("data/" + data))) {
      for (JsonNode expected : new ObjectMapper().readTree(cases.toFile()).path("cases")) {
        String text = expected.path("text").textValue();
        int[] ids =
            IntStream.range(0, expected.path("ids").size())
                .map(i -> expected.path("ids").get(i).intValue())
                .toArray();
        assertThat(tokenizer.encode(text)).as("ids of <%s>", text).containsExactly(ids);
        if (expected.has("decoded_skip")) {
          assertThat(tokenizer.decode(ids))
              .as("text of <%s>", text)
              .isEqualTo(expected.path("decoded_skip").textValue());
        }
      }
    }
  }

  @Test
  void the_stream_of_a_whole_file_equals_the_reference() throws Exception {
    Path folder = shared("data/models/stories260K");
    Path text = shared("data/text/tinystories-sample.txt");
    JsonNode results =
        new ObjectMapper()
            .readTree(shared("golden/evaluation/perplexity-stories260K.json").toFile())
            .path("results");
    JsonNode expected = results.get(2);
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      int[] stream = tokenizer.encodeStream(Corpus.read(text, 512).rows().get(0));

      assertThat(stream).hasSize(expected.path("stream_tokens").intValue());
      String listed =
          Arrays.stream(stream).mapToObj(Integer::toString).collect(Collectors.joining(","));
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(listed.getBytes(StandardCharsets.US_ASCII));
      assertThat(HexFormat.of().formatHex(digest))
          .isEqualTo(expected.path("stream_ids_sha256").textValue());
    }
  }

  private static Path shared(String path) {
    String root = System.getenv().getOrDefault("ESPALIER_SHARED", "../shared");
    Path found = Path.of(root).resolve(path);
    assumeTrue(Files.exists(found), () -> found + " is not here; this check needs it");
    return found;
  }
}
