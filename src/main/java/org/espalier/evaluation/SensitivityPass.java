package org.espalier.evaluation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.LossCurve;
import org.espalier.allocation.Sensitivity;
import org.espalier.corpus.TokenWindows;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockSource;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.HiddenStates;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Measures a {@link Sensitivity}: in each baseline, every sub-layer is exchanged for its version at
 * each level in turn. The passes of one block start at its kept input and go on through the later
 * blocks together, so that L blocks cost about half as many full passes as there are exchanges, and
 * each block is loaded once for all of them.
 *
 * <p>The work falls into steps, one for the dense model, one for each baseline as it stands and one
 * for each of its blocks; finished steps need not be measured again.
 */
public final class SensitivityPass {
  private static final int TRIES = 4;

  private final Decoder dense;
  private final TokenWindows slice;
  private final List<Allocation> levels;
  private final List<Allocation> baselines;
  private final Function<Allocation, BlockSource> cut;
  private final Map<Allocation, BlockSource> cuts = new HashMap<>();
  private final WindowLosses losses;

  /**
   * Prepares a measurement.
   *
   * @param slice windows that every model is judged on
   * @param levels that sub-layers are measured at, the dense model first
   * @param baselines those among the levels in which single sub-layers are exchanged, least removed
   *     first
   * @param cut makes the weights of a level; asked once for each, and only to measure. They stay
   *     the caller's
   */
  public SensitivityPass(
      Decoder dense,
      TokenWindows slice,
      List<Allocation> levels,
      List<Allocation> baselines,
      Function<Allocation, BlockSource> cut) {
    this.dense = dense;
    this.slice = slice;
    this.levels = List.copyOf(levels);
    this.baselines = List.copyOf(baselines);
    this.cut = cut;
    losses = new WindowLosses(dense, slice);
  }

  /**
   * Measures what is missing.
   *
   * @param finished values of the first steps, as an earlier attempt gave them to {@code onStep}
   * @param onStep told the values of every step as it is finished
   */
  public Sensitivity measure(
      List<double[]> finished, Consumer<double[]> onStep, Progress progress) {
    Steps steps = new Steps(finished, batches(), onStep, progress);
    final double denseLoss = (steps.known() ? steps.take() : steps.add(loss(dense, steps)))[0];
    List<Sensitivity.Baseline> measured = new ArrayList<>();
    for (Allocation baseline : baselines) {
      try (Decoder model =
          steps.complete() ? null : dense.withBlocks(blocks(baseline)).forManyPasses()) {
        final double loss = (steps.known() ? steps.take() : steps.add(loss(model, steps)))[0];
        Map<SubLayer, LossCurve> curves = new HashMap<>();
        try (HiddenStates states = steps.complete() ? null : embed(model)) {
          for (int block = 0; block < dense.blocks().blocks(); block++) {
            double[] values =
                steps.known()
                    ? steps.take()
                    : steps.add(exchange(baseline, model, block, states, steps));
            curves.putAll(curves(block, baseline, loss, values));
            if (states != null) {
              advance(states, model, block, steps);
            }
          }
        }
        measured.add(new Sensitivity.Baseline(baseline, loss, curves));
      }
    }
    return new Sensitivity(denseLoss, measured);
  }

  private BlockSource blocks(Allocation level) {
    return cuts.computeIfAbsent(level, cut);
  }

  /** How many steps a whole measurement has. */
  public int steps() {
    return passesByStep().length;
  }

  private int batches() {
    try (HiddenStates states = embed(dense)) {
      return states.batches();
    }
  }

  private HiddenStates embed(Decoder model) {
    try (TorchScope scope = TorchScope.open(model.device())) {
      return HiddenStates.embed(model, slice.toArray());
    }
  }

  private double loss(Decoder model, Steps steps) {
    try (HiddenStates states = embed(model)) {
      for (int block = 0; block < model.blocks().blocks(); block++) {
        advance(states, model, block, steps);
      }
      return loss(states);
    }
  }

  private static void advance(HiddenStates states, Decoder model, int block, Steps steps) {
    try (TorchScope scope = TorchScope.open(model.device());
        BlockWeights weights = model.blocks().load(block)) {
      for (int batch = 0; batch < states.batches(); batch++) {
        steps.report();
        states.advance(batch, block, weights);
      }
    }
  }

  private double loss(HiddenStates last) {
    double sum = 0;
    int window = 0;
    for (int batch = 0; batch < last.batches(); batch++) {
      int count = Math.toIntExact(last.batch(batch).getShape().get(0));
      for (double mean : losses.means(last.batch(batch), window, window + count)) {
        sum += mean;
      }
      window += count;
    }
    return sum / window;
  }

  /** Versions of a sub-layer that differ from the baseline's, by units kept. */
  private Map<Integer, Allocation> versions(SubLayer subLayer, Allocation baseline) {
    Map<Integer, Allocation> versions = new TreeMap<>();
    for (Allocation level : levels) {
      versions.putIfAbsent(level.kept(subLayer), level);
    }
    versions.remove(baseline.kept(subLayer));
    return versions;
  }

  /** Losses of all exchanges in one block: attention first, the fewest units kept first. */
  private double[] exchange(
      Allocation baseline, Decoder model, int block, HiddenStates states, Steps steps) {
    List<HiddenStates> forks = new ArrayList<>();
    try (TorchScope scope = TorchScope.open(model.device())) {
      try (BlockWeights own = model.blocks().load(block)) {
        for (SubLayerKind kind : SubLayerKind.values()) {
          for (Allocation level : versions(new SubLayer(block, kind), baseline).values()) {
            HiddenStates fork = states.fork();
            forks.add(fork);
            try (BlockWeights other = blocks(level).load(block);
                BlockWeights mixed = own.with(kind, other)) {
              advance(fork, block, mixed, steps);
            }
          }
        }
      }
      for (int later = block + 1; later < model.blocks().blocks(); later++) {
        try (BlockWeights weights = model.blocks().load(later)) {
          for (HiddenStates fork : forks) {
            advance(fork, later, weights, steps);
          }
        }
      }
      return forks.stream().mapToDouble(this::loss).toArray();
    } finally {
      forks.forEach(HiddenStates::close);
    }
  }

  private static void advance(HiddenStates moving, int block, BlockWeights weights, Steps steps) {
    for (int batch = 0; batch < moving.batches(); batch++) {
      steps.report();
      moving.advance(batch, block, weights);
    }
  }

  private Map<SubLayer, LossCurve> curves(
      int block, Allocation baseline, double loss, double[] values) {
    Map<SubLayer, LossCurve> curves = new HashMap<>();
    int next = 0;
    for (SubLayerKind kind : SubLayerKind.values()) {
      SubLayer subLayer = new SubLayer(block, kind);
      TreeMap<Integer, Double> points = new TreeMap<>();
      for (int kept : versions(subLayer, baseline).keySet()) {
        points.put(kept, values[next++]);
      }
      points.put(baseline.kept(subLayer), loss);
      if (points.size() > 1) {
        curves.put(
            subLayer,
            new LossCurve(
                points.keySet().stream().mapToInt(Integer::intValue).toArray(),
                points.values().stream().mapToDouble(Double::doubleValue).toArray()));
      }
    }
    return curves;
  }

  /** How many passes of the slice through one block each step takes. */
  private long[] passesByStep() {
    int blocks = dense.blocks().blocks();
    long[] passes = new long[1 + baselines.size() * (1 + blocks)];
    int step = 0;
    passes[step++] = blocks;
    for (Allocation baseline : baselines) {
      passes[step++] = blocks;
      for (int block = 0; block < blocks; block++) {
        passes[step++] = (long) exchanges(baseline, block) * (blocks - block) + 1;
      }
    }
    return passes;
  }

  private int exchanges(Allocation baseline, int block) {
    int exchanges = 0;
    for (SubLayerKind kind : SubLayerKind.values()) {
      exchanges += versions(new SubLayer(block, kind), baseline).size();
    }
    return exchanges;
  }

  /**
   * How long {@link #measure} would take from the beginning, judged by a pass of one batch through
   * the first block and one reading of its losses; the quickest of some tries counts, because the
   * first ones only warm up.
   */
  public Duration expected() {
    long passes = Arrays.stream(passesByStep()).sum();
    long readings = 1;
    for (Allocation baseline : baselines) {
      readings++;
      for (int block = 0; block < dense.blocks().blocks(); block++) {
        readings += exchanges(baseline, block);
      }
    }
    double pass = Double.POSITIVE_INFINITY;
    double reading = Double.POSITIVE_INFINITY;
    try (HiddenStates states = embed(dense)) {
      for (int round = 0; round < TRIES; round++) {
        long started = System.nanoTime();
        try (HiddenStates fork = states.fork();
            TorchScope scope = TorchScope.open(dense.device());
            BlockWeights weights = dense.blocks().load(0)) {
          fork.advance(0, 0, weights);
          int windows = Math.toIntExact(fork.batch(0).getShape().get(0));
          // Reading a value waits for the device.
          fork.batch(0).getFloat(0, 0, 0);
          long advanced = System.nanoTime();
          pass = Math.min(pass, advanced - started);
          losses.means(fork.batch(0), 0, windows);
          reading = Math.min(reading, System.nanoTime() - advanced);
        }
      }
      return Duration.ofNanos(Math.round((passes * pass + readings * reading) * states.batches()));
    }
  }

  /** Where the measurement stands. */
  private final class Steps {
    private final List<double[]> finished;
    private final Consumer<double[]> onStep;
    private final Progress progress;
    private final long[] passes = passesByStep();
    private final long total = Arrays.stream(passes).sum();
    private final int batches;
    private int step;
    private long before;
    private long within;

    Steps(List<double[]> finished, int batches, Consumer<double[]> onStep, Progress progress) {
      this.finished = finished;
      this.batches = batches;
      this.onStep = onStep;
      this.progress = progress;
    }

    /** Whether an earlier attempt finished this step. */
    boolean known() {
      return step < finished.size();
    }

    /** Whether nothing is left to measure. */
    boolean complete() {
      return finished.size() >= passes.length;
    }

    double[] take() {
      double[] values = finished.get(step);
      next();
      return values;
    }

    double[] add(double... values) {
      onStep.accept(values);
      next();
      return values;
    }

    private void next() {
      before += passes[step];
      within = 0;
      step++;
    }

    /** To be called before every pass of one batch through one block. */
    void report() {
      long done = before + Math.min(passes[Math.min(step, passes.length - 1)], within / batches);
      progress.report("Pruning one sub-layer at a time", Math.min(done, total), total);
      within++;
    }
  }
}
