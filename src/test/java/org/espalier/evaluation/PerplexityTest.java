package org.espalier.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.corpus.Corpus;
import org.espalier.corpus.TokenWindows;
import org.espalier.corpus.Tokenizer;
import org.espalier.task.CancelledException;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.LiveArrays;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.Decoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PerplexityTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Path MODEL = GOLDEN.resolve("models/tiny-mha");
  private static final double DENSE = 6.169424533843994;
  private static final int VOCABULARY = 512;

  private static Decoder open(Path folder, BlockPlacement placement) {
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      return Decoder.open(checkpoint, Device.cpu(), placement);
    }
  }

  private static TokenWindows heldOut() {
    return TokenWindows.read(GOLDEN.resolve("heldout-windows.json"), VOCABULARY);
  }

  private static Perplexity perplexity(Decoder decoder, TokenWindows windows) {
    return new Perplexity(decoder, windows, Protocol.of("held out", windows, "none", "cpu", 0));
  }

  @Test
  void the_dense_model_gives_the_published_value() {
    try (Decoder decoder = open(MODEL, BlockPlacement.RESIDENT)) {
      List<PerplexityPoint> points = new ArrayList<>();

      PerplexityResult result =
          perplexity(decoder, heldOut()).measure(points::add, Progress.SILENT);

      assertThat(result.perplexity()).isCloseTo(DENSE, Percentage.withPercentage(0.001));
      assertThat(result.tokens()).isEqualTo(256 * 127);
      assertThat(result.windows()).isEqualTo(256);
      assertThat(points).hasSize(256);
      assertThat(points.get(255).perplexity()).isEqualTo(result.perplexity());
      assertThat(points)
          .extracting(PerplexityPoint::window)
          .containsExactlyElementsOf(IntStream.rangeClosed(1, 256).boxed().toList());
    }
  }

  @Test
  void streamed_blocks_give_the_same_bits_as_resident_ones() {
    TokenWindows windows = heldOut().first(40);
    List<Double> resident;
    try (Decoder decoder = open(MODEL, BlockPlacement.RESIDENT)) {
      resident = measured(decoder, windows, List.of());
    }
    try (Decoder decoder = open(MODEL, BlockPlacement.STREAMED)) {
      assertThat(measured(decoder, windows, List.of())).isEqualTo(resident);
    }
  }

  @Test
  void a_stopped_measurement_goes_on_to_the_same_bits() {
    TokenWindows windows = heldOut().first(30);
    try (Decoder decoder = open(MODEL, BlockPlacement.RESIDENT)) {
      final List<Double> whole = measured(decoder, windows, List.of());
      final int alive = LiveArrays.count();
      List<Double> finished = new ArrayList<>();
      Progress stopAfterEleven =
          (stage, done, total) -> {
            if (done >= 11) {
              throw new CancelledException();
            }
          };

      assertThatThrownBy(
              () ->
                  perplexity(decoder, windows)
                      .measure(
                          point -> finished.add(point.windowNegativeLogLikelihood()),
                          stopAfterEleven))
          .isInstanceOf(CancelledException.class);

      assertThat(finished).hasSizeBetween(11, 29);
      assertThat(LiveArrays.count()).isEqualTo(alive);
      assertThat(measured(decoder, windows, finished)).isEqualTo(whole);
      assertThat(measured(decoder, windows, whole)).isEqualTo(whole);
    }
  }

  private static List<Double> measured(
      Decoder decoder, TokenWindows windows, List<Double> finished) {
    return perplexity(decoder, windows)
        .measure(finished, point -> {}, Progress.SILENT)
        .windowNegativeLogLikelihoods();
  }

  @Test
  void a_band_that_is_narrow_enough_ends_the_measurement_as_an_estimate() {
    TokenWindows windows = heldOut().shuffled(7).first(120);
    try (Decoder decoder = open(MODEL, BlockPlacement.RESIDENT)) {
      List<PerplexityPoint> points = new ArrayList<>();
      Protocol all = Protocol.of("held out", windows, "none", "cpu", 7);

      PerplexityResult result =
          new Perplexity(decoder, windows, all, 0.1).measure(points::add, Progress.SILENT);

      int seen = result.windows();
      assertThat(result.estimate()).isTrue();
      assertThat(seen).isBetween(8, 119);
      assertThat(points).hasSize(seen);
      assertThat(points.get(seen - 1).band().relativeWidth(result.perplexity())).isLessThan(0.1);
      assertThat(result.textWindows()).isEqualTo(120);
      assertThat(result.band().relativeWidth(result.perplexity()))
          .isCloseTo(points.get(seen - 1).band().relativeWidth(result.perplexity()), within(1e-9));
      assertThat(points.subList(7, seen - 1))
          .allMatch(point -> point.band().relativeWidth(point.perplexity()) >= 0.1);
      assertThat(result.protocol().windows()).isEqualTo(seen);
      assertThat(result.protocol().textHash()).isEqualTo(windows.first(seen).hash());
      assertThat(result.windowNegativeLogLikelihoods())
          .isEqualTo(measured(decoder, windows.first(120), List.of()).subList(0, seen));
      assertThat(perplexity(decoder, windows).measure(p -> {}, Progress.SILENT).estimate())
          .isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 12.7062", "2, 4.30265", "3, 3.18245", "5, 2.57058", "10, 2.22814", "60, 2.00030"})
  void the_band_uses_the_quantiles_of_students_t(int freedom, double quantile) {
    assertThat(PerplexityBand.quantile(freedom)).isCloseTo(quantile, within(0.002 * quantile));
  }

  @Test
  void every_window_length_counts_its_own_tokens_only() {
    TokenWindows windows = heldOut().first(3);
    try (Decoder decoder = open(MODEL, BlockPlacement.RESIDENT)) {
      // Shorter windows see the same beginning, so their first tokens cost the same.
      for (int length : new int[] {2, 7, 64, 128}) {
        List<Double> together = measured(decoder, windows.shortenedTo(length), List.of());
        for (int i = 0; i < 3; i++) {
          TokenWindows alone = TokenWindows.of(new int[][] {windows.shortenedTo(length).window(i)});
          assertThat(measured(decoder, alone, List.of()).get(0))
              .isCloseTo(together.get(i), offset(1e-5));
        }
      }
      assertThatThrownBy(() -> perplexity(decoder, windows.shortenedTo(1)))
          .isInstanceOf(EspalierException.class)
          .hasMessageContaining("at least 2 tokens");
    }
  }

  /** Values of the Hugging Face stack, float32, BOS in front of the text, first 64 windows. */
  @ParameterizedTest
  @CsvSource({
    "wikitext2-valid.tok.txt, 128, 195.69304163858683",
    "wikitext2-valid.tok.txt, 256, 219.3406560397454",
    "tinystories-sample.txt, 128, 4.568976384596828",
    "tinystories-sample.txt, 256, 4.216658319845361"
  })
  void real_texts_give_the_reference_values(String file, int length, double expected)
      throws IOException {
    Path data = Path.of(System.getenv().getOrDefault("ESPALIER_SHARED", "../shared"), "data");
    Path model = data.resolve("models/stories260K");
    assumeThat(model).as("public data beside the repository").exists();
    String text = Files.readString(data.resolve("text").resolve(file));
    try (Decoder decoder = open(model, BlockPlacement.RESIDENT);
        Tokenizer tokenizer = Tokenizer.open(model)) {
      TokenWindows windows =
          Corpus.ofText(file, text).evaluationWindows(tokenizer, length).first(64);
      PerplexityResult result = perplexity(decoder, windows).measure(point -> {}, Progress.SILENT);
      assertThat(result.perplexity()).isCloseTo(expected, within(2e-6 * expected));
    }
  }
}
