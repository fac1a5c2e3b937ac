package org.espalier.evaluation.race;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.espalier.corpus.TokenWindows;
import org.espalier.evaluation.Protocol;
import org.espalier.evaluation.WindowReader;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.transformer.Decoder;

/**
 * Models that read the same windows in turns until it is decided which of them foresees the text
 * best. Windows have to come in random order, so that those read stand for all of them.
 */
public final class Race {
  /** Tokens that a model reads before the next one has its turn, whole windows at least. */
  private static final int TOKENS_PER_TURN = 512;

  /** Chance that any verdict is wrong. */
  public static final double USUAL_ERROR = 0.05;

  private final List<String> names;
  private final TokenWindows windows;
  private final Protocol protocol;
  private final double error;
  private final int windowsPerTurn;

  /**
   * Prepares a race.
   *
   * @param windows in random order
   * @throws EspalierException if there are fewer than two models, or nothing to score
   */
  public Race(List<String> names, TokenWindows windows, Protocol protocol, double error) {
    if (names.size() < 2) {
      throw new EspalierException("A race needs at least two models; name one more.");
    }
    this.names = List.copyOf(names);
    this.windows = windows;
    this.protocol = protocol;
    this.error = error;
    windowsPerTurn = Math.max(1, TOKENS_PER_TURN / windows.length());
  }

  /**
   * Runs the race, going on behind windows that an earlier attempt finished.
   *
   * @param decoders one for each name
   * @param finished losses of the first windows, by window and lane; those of lanes that had left
   *     the race do not count
   * @param onTurn told new losses, by window and lane, to be saved
   * @param onWindow told where the race stands after every window, the finished ones included
   */
  public RaceResult run(
      List<Decoder> decoders,
      List<double[]> finished,
      Consumer<List<double[]>> onTurn,
      Consumer<RaceStanding> onWindow,
      Progress progress) {
    final long start = System.nanoTime();
    List<Decoder> models = new ArrayList<>();
    try {
      decoders.forEach(decoder -> models.add(decoder.forManyPasses()));
      List<WindowReader> readers =
          models.stream().map(model -> new WindowReader(model, windows)).toList();
      Course course = new Course(onWindow);
      // Only whole turns are reused, so that a resumed result is the same to the last bit.
      int reused = finished.size() - finished.size() % windowsPerTurn;
      boolean complete = finished.size() >= windows.count();
      course.add(finished.subList(0, complete ? windows.count() : reused));
      while (!course.tally.over()) {
        List<double[]> turn = turn(readers, course, progress);
        onTurn.accept(turn);
        course.add(turn);
      }
      return new RaceResult(
          names, course.losses, error, protocol, (System.nanoTime() - start) / 1e9, List.of());
    } finally {
      models.forEach(Decoder::close);
    }
  }

  private List<double[]> turn(List<WindowReader> readers, Course course, Progress progress) {
    int from = course.window();
    int to = Math.min(windows.count(), from + windowsPerTurn);
    List<double[]> losses = new ArrayList<>();
    for (int window = from; window < to; window++) {
      double[] none = new double[names.size()];
      Arrays.fill(none, Double.NaN);
      losses.add(none);
    }
    for (int lane : course.tally.racing()) {
      progress.report(
          "Window " + (from + 1) + " of " + windows.count() + ", " + names.get(lane),
          from,
          windows.count());
      double[] means = readers.get(lane).means(from, to);
      for (int i = 0; i < means.length; i++) {
        losses.get(i)[lane] = means[i];
      }
    }
    return losses;
  }

  /** The race so far. */
  private final class Course {
    private final RaceTally tally = new RaceTally(names, windows.count(), error);
    private final List<List<Double>> losses = new ArrayList<>();
    private final Consumer<RaceStanding> onWindow;

    Course(Consumer<RaceStanding> onWindow) {
      this.onWindow = onWindow;
      names.forEach(name -> losses.add(new ArrayList<>()));
    }

    int window() {
      return losses.stream().mapToInt(List::size).max().orElse(0);
    }

    void add(List<double[]> read) {
      for (double[] window : read) {
        if (tally.over()) {
          return;
        }
        for (int lane : tally.racing()) {
          losses.get(lane).add(window[lane]);
        }
        tally.add(window);
        onWindow.accept(tally.standing());
      }
    }
  }
}
