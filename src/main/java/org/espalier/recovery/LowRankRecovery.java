package org.espalier.recovery;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.espalier.corpus.TrainingExamples;
import org.espalier.corpus.TrainingExamples.Example;
import org.espalier.task.CancelledException;
import org.espalier.task.Progress;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockSource;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.HeldBlocks;

/**
 * Recovers a pruned model by training low-rank adapters beside its frozen projections (LoRA, Hu et
 * al. 2021; as recovery after pruning in LLM-Pruner, section 3.3). Held-out examples are looked at
 * now and then, and the adapters of the best look are kept.
 *
 * <p>A step depends on settings, seed and its number alone: a training that was stopped and resumed
 * ends in the same bits as one that was not, unless a limit of time decides about its rates.
 */
public final class LowRankRecovery implements AutoCloseable {
  private final Decoder decoder;
  private final TrainingExamples training;
  private final TrainingExamples heldOut;
  private final RecoverySettings settings;
  private final LowRankAdapters adapters;
  private final TensorStore store;
  private final List<NDArray> best = new ArrayList<>();

  /**
   * @param decoder the pruned model; stays its owner's
   * @param training examples to learn from
   * @param heldOut examples that say how well it goes
   */
  public LowRankRecovery(
      Decoder decoder,
      TrainingExamples training,
      TrainingExamples heldOut,
      RecoverySettings settings) {
    this.decoder = decoder;
    this.training = training;
    this.heldOut = heldOut;
    this.settings = settings;
    adapters = new LowRankAdapters(decoder, settings);
    store = new TensorStore(decoder.device());
    try (TorchScope scope = TorchScope.open(decoder.device())) {
      adapters.factors().forEach(factor -> best.add(store.adopt(TorchFunctions.copy(factor))));
    }
  }

  /**
   * Trains to the end, going on behind the newest checkpoint. After that {@link #merged} gives the
   * best state.
   *
   * @param onPoint told the state before the first step and after each one; points of an earlier
   *     attempt come again
   * @param progress told after every step; a checkpoint is written before a cancel takes effect
   * @throws org.espalier.task.EspalierException if the training diverges
   */
  public RecoveryOutcome train(
      TrainingCheckpoints checkpoints, Consumer<RecoveryPoint> onPoint, Progress progress) {
    Device device = decoder.device();
    try (Decoder held = decoder.forManyPasses();
        HeldBlocks adapted = new HeldBlocks(adapters.beside(held.blocks()), false);
        Training optimisation =
            new Training(
                adapters.factors(), device, settings.weightDecay(), RecoverySettings.CLIP)) {
      return new Loop(held, held.withBlocks(adapted), optimisation, checkpoints, onPoint, progress)
          .run();
    }
  }

  /**
   * The blocks with the best adapters added into their weights.
   *
   * @param source the blocks of the pruned model; stays open
   */
  public BlockSource merged(BlockSource source) {
    return adapters.into(source);
  }

  /**
   * Writes the best adapters alone, as the PEFT library reads them.
   *
   * @param base the checkpoint of the pruned model, whose every tensor is a single slot's
   */
  public void writeAdapters(Path folder, Path base) {
    AdapterFolder.write(
        folder,
        base,
        decoder.config().family().names(),
        adapters,
        decoder.blocks().blocks(),
        settings);
  }

  /** One training at work. */
  private final class Loop {
    private final Decoder pruned;
    private final Decoder adapted;
    private final Training optimisation;
    private final TrainingCheckpoints checkpoints;
    private final Consumer<RecoveryPoint> onPoint;
    private final Progress progress;
    private final LearningRate rate = settings.rate();
    private final ExampleOrder order =
        new ExampleOrder(training.list().size(), settings.batch(), settings.seed());
    private final List<RecoveryPoint> points = new ArrayList<>();
    private double earlierSeconds;
    private long started;
    private double bestPerplexity = Double.POSITIVE_INFINITY;
    private int looksSinceBest;

    Loop(
        Decoder pruned,
        Decoder adapted,
        Training optimisation,
        TrainingCheckpoints checkpoints,
        Consumer<RecoveryPoint> onPoint,
        Progress progress) {
      this.pruned = pruned;
      this.adapted = adapted;
      this.optimisation = optimisation;
      this.checkpoints = checkpoints;
      this.onPoint = onPoint;
      this.progress = progress;
    }

    RecoveryOutcome run() {
      List<RecoveryPoint> saved = checkpoints.restore(optimisation.state(), best, decoder.device());
      earlierSeconds = saved.isEmpty() ? 0 : saved.get(saved.size() - 1).seconds();
      started = System.nanoTime();
      if (saved.isEmpty()) {
        points.add(
            new RecoveryPoint(
                0, rate.steps(), OptionalDouble.empty(), OptionalDouble.empty(), 0, 0));
      } else {
        points.addAll(saved);
        points.forEach(this::judge);
        points.stream().filter(point -> !isLookMissing(point)).forEach(onPoint);
      }
      while (true) {
        if (isLookMissing(last())) {
          look();
        }
        String ending = ending();
        if (!ending.isEmpty()) {
          keepBest();
          return new RecoveryOutcome(points, ending);
        }
        if (last().step() % settings.saveEvery() == 0 && last().step() > saved.size()) {
          checkpoints.save(optimisation.state(), best, points);
        }
        report();
        step(last().step());
      }
    }

    private boolean isLookMissing(RecoveryPoint point) {
      boolean due =
          point.step() % settings.evaluateEvery() == 0
              || point.step() == rate.steps()
              || point.seconds() >= settings.seconds();
      return due && point.perplexity().isEmpty();
    }

    private void step(int step) {
      double now = rate.at(step, seconds() / settings.seconds());
      List<Example> examples = order.of(step).stream().map(training.list()::get).toList();
      TorchFunctions.seed(settings.seed() + 1 + step);
      double loss = optimisation.step(step, () -> differentiate(examples), now);
      RecoveryPoint point =
          new RecoveryPoint(
              step + 1,
              rate.steps(),
              OptionalDouble.of(loss),
              OptionalDouble.empty(),
              now,
              seconds());
      points.add(point);
      if (!isLookMissing(point)) {
        onPoint.accept(point);
      }
    }

    /** Looks at the held-out examples with the state behind the last point. */
    private void look() {
      RecoveryPoint before = last();
      RecoveryPoint point =
          new RecoveryPoint(
              before.step(),
              before.steps(),
              before.loss(),
              OptionalDouble.of(perplexity()),
              before.rate(),
              before.seconds());
      points.set(points.size() - 1, point);
      if (judge(point)) {
        overwrite(best, adapters.factors());
      }
      onPoint.accept(point);
    }

    /** Whether the point is the best look so far. */
    private boolean judge(RecoveryPoint point) {
      if (point.perplexity().isEmpty()) {
        return false;
      }
      if (point.perplexity().getAsDouble() < bestPerplexity) {
        bestPerplexity = point.perplexity().getAsDouble();
        looksSinceBest = 0;
        return true;
      }
      looksSinceBest++;
      return false;
    }

    private void keepBest() {
      overwrite(adapters.factors(), best);
    }

    private double differentiate(List<Example> examples) {
      long scored = ExampleLoss.scored(examples);
      double loss = 0;
      for (List<Example> pass : ExampleLoss.passes(examples)) {
        try (TorchScope scope = TorchScope.open(decoder.device())) {
          loss += Training.differentiate(() -> ExampleLoss.sum(adapted, pass).div(scored));
        }
      }
      return loss;
    }

    /** Perplexity on the held-out examples, with the adapters added in as they will be. */
    private double perplexity() {
      double sum = 0;
      List<List<Example>> passes = ExampleLoss.passes(heldOut.list());
      try (HeldBlocks merged = new HeldBlocks(adapters.into(pruned.blocks()), false)) {
        Decoder measured = pruned.withBlocks(merged);
        for (List<Example> pass : passes) {
          report();
          try (TorchScope scope = TorchScope.open(decoder.device())) {
            sum += ExampleLoss.sum(measured, pass).getFloat();
          }
        }
      }
      return Math.exp(sum / ExampleLoss.scored(heldOut.list()));
    }

    private String ending() {
      if (last().step() >= rate.steps()) {
        return "all " + rate.steps() + " steps done";
      }
      if (last().seconds() >= settings.seconds()) {
        return "time was up after " + last().step() + " steps";
      }
      if (settings.patience() > 0 && looksSinceBest >= settings.patience()) {
        return "no better for " + settings.patience() + " looks, after " + last().step() + " steps";
      }
      return "";
    }

    private RecoveryPoint last() {
      return points.get(points.size() - 1);
    }

    private double seconds() {
      return earlierSeconds + (System.nanoTime() - started) / 1e9;
    }

    private void report() {
      int step = last().step();
      double spent = seconds() / settings.seconds();
      // With a limit of time, the steps that will never come are not waited for.
      long total = rate.steps();
      if (step > 0 && spent > (double) step / total) {
        total = Math.max(step, Math.round(step / spent));
      }
      try {
        progress.report("Training step " + (step + 1), step, total);
      } catch (CancelledException e) {
        checkpoints.save(optimisation.state(), best, points);
        throw e;
      }
    }
  }

  private static void overwrite(List<NDArray> arrays, List<NDArray> contents) {
    for (int i = 0; i < arrays.size(); i++) {
      TorchFunctions.overwrite(arrays.get(i), contents.get(i));
    }
  }

  @Override
  public void close() {
    store.close();
    adapters.close();
  }
}
