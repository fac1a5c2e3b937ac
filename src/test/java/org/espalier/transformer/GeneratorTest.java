package org.espalier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.LiveArrays;
import org.espalier.torch.TorchScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GeneratorTest {
  static Stream<String> families() throws IOException {
    return DecoderGoldenTest.families();
  }

  @ParameterizedTest
  @MethodSource("families")
  void greedy_tokens_of_a_family_equal_the_reference(String family, @TempDir Path copy) {
    JsonNode golden = GoldenModel.json(GoldenModel.family(family).resolve("golden.json"));
    int[][] prompts = GoldenModel.ids(golden.get("input_ids"));
    int[][] expected = GoldenModel.ids(golden.get("greedy_ids"));
    try (Decoder decoder =
        GoldenModel.open(
            GoldenModel.endless(GoldenModel.family(family), copy),
            BlockPlacement.RESIDENT_FLOAT32)) {
      for (int window = 0; window < prompts.length; window++) {
        assertThat(greedy(decoder, prompts[window], 16))
            .containsExactlyElementsOf(Arrays.stream(expected[window]).boxed().toList());
      }
    }
  }

  @Test
  void greedy_continuations_of_the_small_model_equal_the_reference() {
    JsonNode golden = GoldenModel.json(GoldenModel.GOLDEN.resolve("tiny-mha/forward/result.json"));
    try (Decoder decoder = GoldenModel.open(GoldenModel.TINY, BlockPlacement.STREAMED)) {
      for (JsonNode text : golden.get("greedy")) {
        int[] all = GoldenModel.row(text.get("output_ids"));
        int prompt = text.get("prompt_ids").size();
        List<Integer> added = greedy(decoder, Arrays.copyOf(all, prompt), all.length - prompt);

        assertThat(added)
            .containsExactlyElementsOf(Arrays.stream(all, prompt, all.length).boxed().toList());
      }
    }
  }

  @Test
  void text_fed_in_pieces_gives_the_same_logits_as_in_one() {
    int[] ids = {1, 51, 152, 68, 75, 129, 225, 172, 207, 195, 122, 188, 57, 90, 164, 155, 127};
    for (String family :
        List.of("llama-gqa-llama3rope", "mistral-sliding", "qwen3", "gemma2", "gemma3")) {
      try (Decoder decoder = GoldenModel.open(GoldenModel.family(family), BlockPlacement.RESIDENT);
          KeyValueCache cache = new KeyValueCache(decoder, 1, ids.length);
          TorchScope scope = TorchScope.open(Device.cpu())) {
        NDArray whole = decoder.logits(decoder.forward(scope.tokens(ids), Progress.SILENT)).get(0);
        for (int[] piece : new int[][] {{0, 4}, {4, 5}, {5, 16}, {16, 17}}) {
          NDArray hidden =
              decoder.extend(scope.tokens(Arrays.copyOfRange(ids, piece[0], piece[1])), cache);
          NDArray expected = whole.get(piece[0] + ":" + piece[1]);
          assertThat(GoldenModel.largestDifference(decoder.logits(hidden).get(0), expected))
              .isLessThan(1e-4);
        }
        assertThatThrownBy(() -> decoder.extend(scope.tokens(new int[] {1}), cache))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("capacity");
      }
    }
  }

  @Test
  void sampling_is_reproducible_by_its_seed_and_keeps_to_the_best() {
    int[] prompt = {256, 84, 104, 101, 32};
    try (Decoder decoder = GoldenModel.open(GoldenModel.TINY, BlockPlacement.RESIDENT)) {
      Generator generator = new Generator(decoder);
      Sampling first = new Sampling.Random(7, 1.0, 0);

      assertThat(generator.generate(prompt, 24, first, Progress.SILENT))
          .isEqualTo(generator.generate(prompt, 24, first, Progress.SILENT))
          .isNotEqualTo(
              generator.generate(prompt, 24, new Sampling.Random(8, 1.0, 0), Progress.SILENT));
      assertThat(generator.generate(prompt, 24, new Sampling.Random(7, 1.0, 1), Progress.SILENT))
          .isEqualTo(greedy(decoder, prompt, 24));
    }
  }

  @Test
  void prompts_that_the_model_cannot_read_are_refused() {
    try (Decoder decoder = GoldenModel.open(GoldenModel.TINY, BlockPlacement.STREAMED)) {
      assertThatThrownBy(() -> greedy(decoder, new int[0], 1))
          .isInstanceOf(EspalierException.class)
          .hasMessageContaining("empty");
      assertThatThrownBy(() -> greedy(decoder, new int[] {512}, 1))
          .isInstanceOf(EspalierException.class)
          .hasMessageContaining("512");
    }
  }

  @Test
  void opening_running_generating_and_closing_ten_times_leaves_nothing_behind() {
    openRunGenerateClose();
    int before = LiveArrays.count();
    for (int round = 0; round < 10; round++) {
      openRunGenerateClose();
    }
    assertThat(LiveArrays.count()).isEqualTo(before);
  }

  private static void openRunGenerateClose() {
    for (BlockPlacement placement : BlockPlacement.values()) {
      try (Decoder decoder = GoldenModel.open(GoldenModel.family("llama-bf16"), placement)) {
        GoldenModel.logitBits(decoder, new int[][] {{1, 2, 3}, {4, 5, 6}});
        greedy(decoder, new int[] {1, 2, 3}, 4);
        try (TorchScope scope = TorchScope.open(Device.cpu())) {
          decoder.forward(
              scope.tokens(new int[] {1, 2}), (subLayer, activations) -> {}, Progress.SILENT);
        }
      }
    }
  }

  private static List<Integer> greedy(Decoder decoder, int[] prompt, int tokens) {
    return new Generator(decoder).generate(prompt, tokens, new Sampling.Greedy(), Progress.SILENT);
  }
}
