package org.espalier.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.espalier.allocation.BlockCost;
import org.espalier.allocation.Budget;
import org.espalier.allocation.ModelCosts;
import org.espalier.checkpoint.DType;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.Devices;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.KeyValueCache;

/**
 * Speed of generation with a cache of keys and values: reading prompts, then writing tokens one by
 * one, always the likeliest. What a token is does not change its cost, so prompts are random ids,
 * and the end of a text is ignored.
 *
 * <p>Models that are compared take turns within every round, in alternating order, so that whatever
 * else the machine does falls on all of them alike; their ratio is taken round by round.
 */
public final class Speed {
  private final int batch;
  private final int promptTokens;
  private final int newTokens;
  private final int warmUps;
  private final int rounds;

  /**
   * A way of measuring.
   *
   * @param promptTokens tokens read per round
   * @param newTokens tokens written per round
   * @param warmUps rounds thrown away
   * @param rounds rounds kept
   * @throws EspalierException if any of them is too small
   */
  public Speed(int promptTokens, int newTokens, int warmUps, int rounds) {
    this(1, promptTokens, newTokens, warmUps, rounds);
  }

  /**
   * A way of measuring several texts at once.
   *
   * @param batch texts at once
   * @param promptTokens tokens read per text and round
   * @param newTokens tokens written per text and round
   * @param warmUps rounds thrown away
   * @param rounds rounds kept
   * @throws EspalierException if any of them is too small
   */
  public Speed(int batch, int promptTokens, int newTokens, int warmUps, int rounds) {
    if (batch < 1 || promptTokens < 1 || newTokens < 1 || warmUps < 0 || rounds < 1) {
      throw new EspalierException(
          "Speed needs at least one text, one token to read, one to write and one round");
    }
    this.batch = batch;
    this.promptTokens = promptTokens;
    this.newTokens = newTokens;
    this.warmUps = warmUps;
    this.rounds = rounds;
  }

  /**
   * Measures one model.
   *
   * @param costs of its widths
   */
  public SpeedResult measure(Decoder decoder, ModelCosts costs, Progress progress) {
    try (Decoder model = decoder.forManyPasses()) {
      return run(List.of(new Runner(model, costs)), progress).get(0).result();
    }
  }

  /**
   * Measures two models in turns.
   *
   * @param denseCosts of the dense model's widths
   * @param prunedCosts of the pruned model's widths
   */
  public SpeedComparison compare(
      Decoder dense,
      ModelCosts denseCosts,
      Decoder pruned,
      ModelCosts prunedCosts,
      Progress progress) {
    try (Decoder first = dense.forManyPasses();
        Decoder second = pruned.forManyPasses()) {
      List<Runner> runners =
          run(List.of(new Runner(first, denseCosts), new Runner(second, prunedCosts)), progress);
      return comparison(runners.get(0), runners.get(1));
    }
  }

  private static SpeedComparison comparison(Runner dense, Runner pruned) {
    SpeedComparison measured =
        new SpeedComparison(
            dense.result(),
            pruned.result(),
            spread(dense.prefill, pruned.prefill),
            spread(dense.decode, pruned.decode));
    return new SpeedComparison(
        measured.dense(),
        measured.pruned(),
        measured.prefill(),
        measured.decode(),
        SpeedNotes.of(measured, dense.heldBytesPerToken(), pruned.decoder, ProcessorCache.bytes()));
  }

  private List<Runner> run(List<Runner> runners, Progress progress) {
    int total = warmUps + rounds;
    for (int round = 0; round < total; round++) {
      for (int turn = 0; turn < runners.size(); turn++) {
        progress.report(
            round < warmUps ? "Warming up" : "Measuring speed, round " + (round - warmUps + 1),
            (long) round * runners.size() + turn,
            (long) total * runners.size());
        runners.get((turn + round) % runners.size()).turn(round >= warmUps);
      }
    }
    return runners;
  }

  /** Quartiles over the rounds of how many times faster the pruned model is. */
  private static SpeedComparison.Spread spread(List<Double> dense, List<Double> pruned) {
    double[] ratios = new double[dense.size()];
    Arrays.setAll(ratios, round -> pruned.get(round) / dense.get(round));
    return quartiles(ratios);
  }

  private static SpeedComparison.Spread quartiles(double[] values) {
    return new SpeedComparison.Spread(
        quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75));
  }

  /** With linear interpolation between neighbours. */
  static double quantile(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double position = share * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(sorted.length - 1, below + 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }

  /** One model and its rounds, in tokens per second. */
  private final class Runner {
    private final Decoder decoder;
    private final ModelCosts costs;
    private final int[][] prompts;
    private final List<Double> prefill = new ArrayList<>();
    private final List<Double> decode = new ArrayList<>();
    private long workingBytes;

    Runner(Decoder decoder, ModelCosts costs) {
      this.decoder = decoder;
      this.costs = costs;
      SplittableRandom random = new SplittableRandom(0);
      prompts = new int[batch][];
      Arrays.setAll(
          prompts,
          text -> random.ints(promptTokens, 0, decoder.config().vocabularySize()).toArray());
    }

    void turn(boolean kept) {
      PeakMemory peak = PeakMemory.start();
      try (KeyValueCache cache = new KeyValueCache(decoder, batch, promptTokens + newTokens)) {
        final long start = System.nanoTime();
        int[][] next = step(prompts, cache);
        final long read = System.nanoTime();
        for (int i = 1; i <= newTokens; i++) {
          next = step(next, cache);
        }
        final long written = System.nanoTime();
        if (kept) {
          prefill.add(batch * promptTokens * 1e9 / (read - start));
          decode.add(batch * newTokens * 1e9 / (written - read));
        }
      }
      workingBytes = Math.max(workingBytes, peak.bytesAboveStart());
    }

    /** Likeliest next token of each text, [B, 1]; reading them waits for the device. */
    private int[][] step(int[][] ids, KeyValueCache cache) {
      try (TorchScope scope = TorchScope.open(decoder.device())) {
        NDArray hidden = decoder.extend(scope.tokens(ids), cache);
        NDArray last = hidden.get(new NDIndex(":, -1:, :"));
        long[] best = decoder.logits(last).reshape(batch, -1).argMax(1).toLongArray();
        return Arrays.stream(best).mapToObj(id -> new int[] {(int) id}).toArray(int[][]::new);
      }
    }

    SpeedResult result() {
      SpeedComparison.Spread reading = quartiles(prefill);
      SpeedComparison.Spread writing = quartiles(decode);
      return new SpeedResult(
          reading.median(),
          writing.median(),
          costs.bytes() + workingBytes,
          promptTokens,
          newTokens,
          rounds,
          Devices.name(decoder.device()),
          batch,
          reading,
          writing,
          bytesPerToken(),
          BlockCost.of(costs, context()));
    }

    private int context() {
      return promptTokens + newTokens / 2;
    }

    private long bytesPerToken() {
      return Budget.dense(costs, context()).bytesRead();
    }

    /** What is really read: blocks are held as float32 while speed is measured. */
    long heldBytesPerToken() {
      return bytesPerToken() * DType.F32.bytes() / costs.bytesPerElement();
    }

    private static SpeedComparison.Spread quartiles(List<Double> values) {
      return Speed.quartiles(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
  }
}
