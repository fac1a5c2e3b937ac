package org.espalier.recovery.sample;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.corpus.Calibration;
import org.espalier.corpus.Corpus;
import org.espalier.corpus.SampleModel;
import org.espalier.corpus.TokenWindows;
import org.espalier.corpus.Tokenizer;
import org.espalier.evaluation.Perplexity;
import org.espalier.evaluation.Protocol;
import org.espalier.importance.ImportanceMap;
import org.espalier.importance.SubLayerScores;
import org.espalier.pruning.CutBlocks;
import org.espalier.pruning.Method;
import org.espalier.pruning.MethodRegistry;
import org.espalier.pruning.ParameterValues;
import org.espalier.pruning.Plan;
import org.espalier.pruning.PrunableModels;
import org.espalier.pruning.Pruner;
import org.espalier.pruning.Recipe;
import org.espalier.statistics.Collector;
import org.espalier.statistics.PassJournal;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.StatisticsPass;
import org.espalier.task.Progress;
import org.espalier.torch.TorchRuntime;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.DecoderLayout;
import org.espalier.transformer.Generator;
import org.espalier.transformer.Sampling;

/** Measures how good the sample model is, whole and pruned. */
final class SampleMeasurements implements AutoCloseable {
  static final int WINDOW = 128;

  private final SampleModel sample;
  private final Checkpoint checkpoint;
  private final Tokenizer tokenizer;
  private final Decoder decoder;
  private final int[] heldOut;
  private final Map<Set<Collector>, Statistics> measured = new HashMap<>();

  /**
   * @param folder where the model is unpacked
   */
  SampleMeasurements(Path folder) {
    TorchRuntime.shared().awaitReady();
    sample = SampleModel.unpack(folder);
    checkpoint = Checkpoint.open(sample.folder());
    tokenizer = Tokenizer.open(sample.folder());
    decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.RESIDENT_FLOAT32);
    Corpus corpus = Corpus.read(sample.evaluationText(), SampleTraining.VOCABULARY);
    heldOut = tokenizer.encodeStream(corpus.rows().get(0));
  }

  Decoder decoder() {
    return decoder;
  }

  /** Held-out windows, at most so many. */
  TokenWindows windows(int most) {
    TokenWindows all = TokenWindows.cut(heldOut, WINDOW, "held-out text");
    return all.first(Math.min(most, all.count()));
  }

  double perplexity(Decoder model, TokenWindows windows) {
    Protocol protocol = Protocol.of("held-out text", windows, "one", "cpu", 0);
    return new Perplexity(model, windows, protocol)
        .measure(point -> {}, Progress.SILENT)
        .perplexity();
  }

  /** Perplexity on the same scored tokens of a trigram model of the first training stories. */
  double trigramPerplexity(int stories, TokenWindows windows) {
    TrainingText learned = new TrainingText(tokenizer, SampleText.TRAINING.stories(), stories, 1);
    int[] scored = Arrays.copyOf(heldOut, windows.count() * WINDOW);
    return new TrigramModel(learned.ids(), SampleTraining.VOCABULARY).perplexity(scored, WINDOW);
  }

  /** The model with so much of its prunable parameters cut away; shares this one's decoder. */
  Decoder pruned(String name, Map<String, String> given, double ratio) {
    Method method = MethodRegistry.standard().get(name);
    ParameterValues values = ParameterValues.of(method.description(), given);
    Recipe recipe = method.recipe(values);
    Statistics statistics = measured.computeIfAbsent(recipe.collectors(), this::measure);
    ImportanceMap importance =
        ImportanceMap.of(recipe.scorer(), decoder.config().shapes(), statistics);
    Target target = new Target(ratio, RatioDefinition.PRUNABLE);
    Allocation allocation =
        recipe
            .allocation()
            .prepare(
                PrunableModels.of(DecoderLayout.of(checkpoint)), importance, SubLayerScores.NONE)
            .allocate(target, Locks.NONE);
    Pruner.Choice choice =
        new Pruner(decoder, recipe)
            .choose(
                allocation,
                importance,
                statistics,
                Optional.empty(),
                PassJournal.NONE,
                Progress.SILENT);
    Plan plan =
        new Plan(
            "sample",
            checkpoint.hash(),
            name,
            values.asMap(),
            target,
            "",
            choice.blocks(),
            choice.compensation());
    return decoder.withBlocks(new CutBlocks(decoder.blocks(), plan, decoder.config().headSize()));
  }

  private Statistics measure(Set<Collector> collectors) {
    Corpus corpus = Corpus.read(sample.calibrationText(), SampleTraining.VOCABULARY);
    Calibration calibration =
        Calibration.of(corpus, tokenizer, OptionalInt.of(64), OptionalInt.of(WINDOW), 0);
    return StatisticsPass.run(
        decoder, calibration.windows(), collectors, PassJournal.NONE, Progress.SILENT);
  }

  /** Up to {@code count} tokens that the model finds most likely after a prompt, as text. */
  String greedy(Decoder model, String prompt, int count) {
    List<Integer> ids =
        new Generator(model)
            .generate(
                tokenizer.encodeStream(prompt), count, new Sampling.Greedy(), Progress.SILENT);
    return tokenizer.decode(ids.stream().mapToInt(Integer::intValue).toArray());
  }

  int tokens(String text) {
    return tokenizer.encode(text).length;
  }

  @Override
  public void close() {
    decoder.close();
    tokenizer.close();
    checkpoint.close();
  }
}
