package org.espalier.evaluation.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.evaluation.tasks.ContinuationScorer.Request;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.LiveArrays;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.Decoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContinuationScorerTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final int BOS = 256;

  private static Decoder open(Path folder, BlockPlacement placement) {
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      return Decoder.open(checkpoint, Device.cpu(), placement);
    }
  }

  private static Decoder tiny() {
    return open(GOLDEN.resolve("models/tiny-mha"), BlockPlacement.RESIDENT);
  }

  /** The small model has no tokenizer: ids are bytes. */
  private static int[] bytes(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xff).toArray();
  }

  private static int[] withBos(boolean bos, int[] ids) {
    return bos ? IntStream.concat(IntStream.of(BOS), Arrays.stream(ids)).toArray() : ids;
  }

  @ParameterizedTest
  @ValueSource(strings = {"bos", "nobos"})
  void log_likelihoods_equal_the_harness(String profile) throws IOException {
    JsonNode golden =
        new ObjectMapper()
            .readTree(GOLDEN.resolve("tiny-mha/lmeval/result.json").toFile())
            .path(profile);
    boolean bos = profile.equals("bos");
    List<Request> requests = new ArrayList<>();
    List<Double> expected = new ArrayList<>();
    for (String task : List.of("piqa", "arc_easy")) {
      for (JsonNode item : golden.path(task).path("items")) {
        int[] context = withBos(bos, bytes(item.path("context").asText()));
        for (int i = 0; i < item.path("continuations").size(); i++) {
          requests.add(new Request(context, bytes(item.path("continuations").path(i).asText())));
          expected.add(item.path("loglikelihood").path(i).asDouble());
        }
      }
    }
    ObjectMapper json = new ObjectMapper();
    for (JsonNode edge : golden.path("edge")) {
      requests.add(
          new Request(
              json.convertValue(edge.path("context_ids"), int[].class),
              json.convertValue(edge.path("continuation_ids"), int[].class)));
      expected.add(edge.path("loglikelihood").asDouble());
    }
    assertThat(expected).hasSizeGreaterThan(24 * 2 + 13 * 3);

    try (Decoder decoder = tiny()) {
      double[] scores = new ContinuationScorer(decoder, 1024).score(requests, Progress.SILENT);

      for (int i = 0; i < scores.length; i++) {
        assertThat(scores[i]).as("request %d", i).isCloseTo(expected.get(i), within(1e-4));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mistral-sliding", "llama-gqa-llama3rope", "qwen2"})
  void sharing_a_context_changes_nothing(String family) {
    int[] context = IntStream.range(0, 40).map(i -> (i * 7 + 3) % 50).toArray();
    List<Request> requests = new ArrayList<>();
    for (int length : new int[] {1, 9, 4, 17}) {
      requests.add(
          new Request(context, IntStream.range(0, length).map(i -> (i * 5 + 1) % 50).toArray()));
    }
    requests.add(new Request(new int[] {5}, new int[] {9, 2}));
    try (Decoder decoder =
        open(GOLDEN.resolve("families").resolve(family), BlockPlacement.STREAMED)) {
      ContinuationScorer scorer = new ContinuationScorer(decoder, 64);
      double[] together = scorer.score(requests, Progress.SILENT);

      final int alive = LiveArrays.count();
      for (int i = 0; i < requests.size(); i++) {
        double alone = scorer.score(List.of(requests.get(i)), Progress.SILENT)[0];
        assertThat(together[i]).isCloseTo(alone, within(2e-4));
      }
      assertThat(LiveArrays.count()).isEqualTo(alive);
    }
  }

  @Test
  void a_context_too_long_for_the_model_loses_its_beginning() {
    int[] context = bytes("abcdefghijklmnopqrstuvwxyz");
    int[] answer = bytes("123");
    try (Decoder decoder = tiny()) {
      double[] whole =
          new ContinuationScorer(decoder, 12)
              .score(List.of(new Request(context, answer)), Progress.SILENT);
      double[] cut =
          new ContinuationScorer(decoder, 1024)
              .score(List.of(new Request(bytes("qrstuvwxyz"), answer)), Progress.SILENT);

      assertThat(whole[0]).isCloseTo(cut[0], within(1e-5));
      assertThatThrownBy(
              () ->
                  new ContinuationScorer(decoder, 2)
                      .score(List.of(new Request(context, answer)), Progress.SILENT))
          .isInstanceOf(EspalierException.class)
          .hasMessageContaining("3 tokens")
          .hasMessageContaining("remove the item");
    }
  }
}
