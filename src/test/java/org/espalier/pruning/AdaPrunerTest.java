package org.espalier.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.allocation.Hold;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.allocation.WidthConstraint;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.corpus.TokenWindows;
import org.espalier.evaluation.Perplexity;
import org.espalier.evaluation.Protocol;
import org.espalier.importance.BlendedScorer;
import org.espalier.importance.BlendedScorer.Alignment;
import org.espalier.importance.CoupledScorer;
import org.espalier.importance.ImportanceMap;
import org.espalier.importance.Scorer;
import org.espalier.importance.SliceMetric;
import org.espalier.search.Trial;
import org.espalier.statistics.PassJournal;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.task.CancelledException;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.DecoderLayout;
import org.espalier.transformer.SubLayer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** AdaPruner's blend of terms, and its search on a small model. */
class AdaPrunerTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Target HALF = new Target(0.5, RatioDefinition.PRUNABLE);
  private static final Map<String, String> SHORT =
      Map.of("trials", "12", "sets", "3", "setSize", "2");

  private static Decoder decoder;
  private static PrunableModel model;
  private static TokenWindows pool;
  private static TokenWindows heldOut;
  private static final Map<String, Statistics> MEASURED = new HashMap<>();

  @BeforeAll
  static void open() {
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve("models/tiny-mha"))) {
      model = PrunableModels.of(DecoderLayout.of(checkpoint));
      decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.RESIDENT);
    }
    pool =
        TokenWindows.read(GOLDEN.resolve("calibration-windows.json"), 512)
            .first(12)
            .shortenedTo(32);
    heldOut =
        TokenWindows.read(GOLDEN.resolve("heldout-windows.json"), 512).first(4).shortenedTo(64);
  }

  @AfterAll
  static void close() {
    decoder.close();
  }

  private static Recipe recipe(Map<String, String> parameters) {
    Method method = MethodRegistry.standard().get("adapruner");
    return method.recipe(ParameterValues.of(method.description(), parameters));
  }

  private static Statistics measure(
      Set<SubLayerMeasurement> measurements, TokenWindows set, Progress progress) {
    return MEASURED.computeIfAbsent(
        set.hash(),
        added -> {
          Statistics statistics = new Statistics(Map.of());
          for (SubLayerMeasurement measurement : measurements) {
            statistics =
                statistics.with(measurement.measure(decoder, set, PassJournal.NONE, progress));
          }
          return statistics;
        });
  }

  private static double perplexity(Decoder pruned, Progress progress) {
    Protocol protocol =
        new Protocol("", heldOut.hash(), heldOut.length(), heldOut.count(), "", "", "cpu", 0);
    return new Perplexity(pruned, heldOut, protocol).measure(point -> {}, progress).perplexity();
  }

  private static ScorerTrials trials(Map<String, String> parameters, Locks locks) {
    return new ScorerTrials(
        decoder,
        model,
        recipe(parameters),
        HALF,
        locks,
        WidthConstraint.NONE,
        pool,
        AdaPrunerTest::measure,
        AdaPrunerTest::perplexity);
  }

  @Test
  void pure_blends_are_the_terms_themselves() {
    Statistics statistics =
        measure(
            new BlendedScorer(1, 1, new Alignment.ByMean(), 0).measurements(),
            pool,
            Progress.SILENT);
    Alignment none = new Alignment.Fixed(1, 1, 0);

    ImportanceMap fine = scores(new BlendedScorer(0, 0, none, 0), statistics);
    ImportanceMap published =
        scores(new CoupledScorer(SliceMetric.PARAM_FIRST, false, 0), statistics);
    ImportanceMap coarse = scores(new BlendedScorer(1, 0, none, 0), statistics);
    ImportanceMap half = scores(new BlendedScorer(0.5, 0, none, 0), statistics);
    ImportanceMap mixed =
        scores(new BlendedScorer(0, 0, new Alignment.Fixed(1, 1, 1), 0), statistics);

    for (SubLayer subLayer : model.subLayers()) {
      for (int unit = 0; unit < model.units(subLayer); unit++) {
        double f1 = fine.scores(subLayer)[unit];
        double c1 = coarse.scores(subLayer)[unit];
        assertThat(f1).isCloseTo(published.scores(subLayer)[unit], within(1e-6 * f1));
        assertThat(c1).isLessThanOrEqualTo(f1 * 1.00001).isPositive();
        assertThat(half.scores(subLayer)[unit]).isCloseTo((c1 + f1) / 2, within(1e-9));
        assertThat(mixed.scores(subLayer)[unit]).isGreaterThan(f1);
      }
    }
  }

  @Test
  void balanced_terms_have_mean_two_whatever_the_blend() {
    Scorer scorer = new BlendedScorer(0.3, 0.8, new Alignment.ByMean(), 0);
    Statistics statistics = measure(scorer.measurements(), pool, Progress.SILENT);

    ImportanceMap map = scores(scorer, statistics);

    for (SubLayer subLayer : model.subLayers()) {
      double sum = 0;
      for (double score : map.scores(subLayer)) {
        sum += score;
      }
      assertThat(sum / model.units(subLayer)).isCloseTo(2, within(1e-9));
    }
  }

  private static ImportanceMap scores(Scorer scorer, Statistics statistics) {
    return ImportanceMap.of(scorer, decoder.config().shapes(), statistics);
  }

  @Test
  void the_best_trial_makes_the_cut_and_gradients_are_taken_once_per_set() {
    List<Trial> told = new ArrayList<>();
    Set<String> sets = new HashSet<>();
    Recipe recipe = recipe(SHORT);
    ScorerTrials trials =
        new ScorerTrials(
            decoder,
            model,
            recipe,
            HALF,
            Locks.NONE,
            WidthConstraint.NONE,
            pool,
            (measurements, set, progress) -> {
              sets.add(set.hash());
              return measure(measurements, set, progress);
            },
            AdaPrunerTest::perplexity);

    ScorerTrials.Outcome outcome = trials.run(List.of(), told::add, Progress.SILENT);

    assertThat(told).hasSize(12);
    assertThat(sets).hasSizeLessThanOrEqualTo(3);
    assertThat(outcome.best().value())
        .isEqualTo(told.stream().mapToDouble(Trial::value).min().orElseThrow());
    assertThat(outcome.allocation().removedShare(model, RatioDefinition.PRUNABLE))
        .isCloseTo(0.5, within(0.02));
    Pruner.Choice choice =
        Measuring.choose(
            recipe,
            decoder,
            outcome.allocation(),
            outcome.importance(),
            new Statistics(Map.of()),
            pool);
    Plan plan = new Plan("", "", "", Map.of(), HALF, "", choice.blocks(), choice.compensation());
    CutBlocks cut = new CutBlocks(decoder.blocks(), plan, decoder.config().headSize());
    assertThat(perplexity(decoder.withBlocks(cut), Progress.SILENT))
        .isCloseTo(outcome.best().value(), within(1e-4 * outcome.best().value()));
  }

  @Test
  void an_interrupted_search_goes_on_as_it_would_have() {
    List<Trial> whole = new ArrayList<>();
    trials(SHORT, Locks.NONE).run(List.of(), whole::add, Progress.SILENT);

    List<Trial> first = new ArrayList<>();
    assertThatThrownBy(
            () ->
                trials(SHORT, Locks.NONE)
                    .run(
                        List.of(),
                        first::add,
                        (stage, done, total) -> {
                          if (stage.startsWith("Trial 6 ")) {
                            throw new CancelledException();
                          }
                        }))
        .isInstanceOf(CancelledException.class);
    assertThat(first).hasSize(5);
    List<Trial> rest = new ArrayList<>(first);
    trials(SHORT, Locks.NONE).run(List.copyOf(first), rest::add, Progress.SILENT);

    assertThat(rest).isEqualTo(whole);
  }

  @Test
  void locked_sub_layers_stay_as_they_are_in_every_trial() {
    SubLayer locked = SubLayer.feedForward(3);
    Locks locks = Locks.NONE.with(locked, Hold.locked(model.units(locked)));

    ScorerTrials.Outcome outcome =
        trials(Map.of("trials", "2", "sets", "1", "setSize", "2"), locks)
            .run(List.of(), trial -> {}, Progress.SILENT);

    assertThat(outcome.allocation().kept(locked)).isEqualTo(model.units(locked));
    assertThat(outcome.allocation().removedShare(model, RatioDefinition.PRUNABLE))
        .isCloseTo(0.5, within(0.02));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"families/llama-gqa-llama3rope", "families/qwen2-tied", "families/gemma2"})
  void streamed_blocks_of_every_kind_of_model_are_searched_alike(String name) {
    List<Trial> resident = searched(name, BlockPlacement.RESIDENT);

    assertThat(resident).hasSize(3).allMatch(trial -> Double.isFinite(trial.value()));
    assertThat(searched(name, BlockPlacement.STREAMED)).isEqualTo(resident);
  }

  /** Three trials that judge by the mean logit, which depends on every unit. */
  private static List<Trial> searched(String name, BlockPlacement placement) {
    List<Trial> told = new ArrayList<>();
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve(name));
        Decoder other = Decoder.open(checkpoint, Device.cpu(), placement)) {
      int[][] ids = new int[4][12];
      for (int w = 0; w < ids.length; w++) {
        for (int t = 0; t < ids[w].length; t++) {
          ids[w][t] = (w * 31 + t * 7) % other.config().vocabularySize();
        }
      }
      TokenWindows windows = TokenWindows.of(ids);
      new ScorerTrials(
              other,
              PrunableModels.of(DecoderLayout.of(checkpoint)),
              recipe(Map.of("trials", "3", "sets", "1", "setSize", "2")),
              HALF,
              Locks.NONE,
              WidthConstraint.NONE,
              windows,
              (measurements, set, progress) ->
                  measurements.stream()
                      .map(one -> one.measure(other, set, PassJournal.NONE, progress))
                      .reduce(new Statistics(Map.of()), Statistics::with),
              (pruned, progress) -> meanLogit(pruned, windows))
          .run(List.of(), told::add, Progress.SILENT);
    }
    return told;
  }

  private static double meanLogit(Decoder pruned, TokenWindows windows) {
    try (TorchScope scope = TorchScope.open(pruned.device())) {
      return pruned
          .logits(pruned.forward(scope.tokens(windows.toArray()), Progress.SILENT))
          .mean()
          .getFloat();
    }
  }

  @Test
  void the_paper_variant_searches_its_factors_too() {
    ScorerSearch search = recipe(Map.of("variant", "paper")).scorerSearch().orElseThrow();

    assertThat(search.trials()).isEqualTo(100);
    assertThat(search.space().variables())
        .extracting("name")
        .containsExactly("set", "alpha1", "alpha2", "lambda1", "lambda2");
  }

  @Test
  void calibration_sets_hold_different_windows_and_are_the_same_every_time() {
    ScorerSearch search = recipe(SHORT).scorerSearch().orElseThrow();

    TokenWindows first = search.set(pool, Map.of("set", 0.0));

    assertThat(first.count()).isEqualTo(2);
    assertThat(first.window(0)).isNotEqualTo(first.window(1));
    assertThat(search.set(pool, Map.of("set", 0.0))).isEqualTo(first);
    assertThat(search.set(pool, Map.of("set", 1.0))).isNotEqualTo(first);
    assertThatThrownBy(
            () -> recipe(Map.of("setSize", "13")).scorerSearch().orElseThrow().set(pool, Map.of()))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("12 windows")
        .hasMessageContaining("takes 13");
  }

  @Test
  void says_that_it_is_reconstructed_and_what_is_wrong_with_a_parameter() {
    MethodDescription description = MethodRegistry.standard().get("adapruner").description();

    assertThat(description.summary()).contains("reconstructed");
    assertThat(description.source()).contains("Reconstructed");
    assertThat(description.sliderAnswer()).isEqualTo(SliderAnswer.AFTER_RUN);
    assertThatThrownBy(() -> recipe(Map.of("trials", "0")))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("trials")
        .hasMessageContaining("from 1 to 10000");
  }
}
