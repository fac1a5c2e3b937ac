package org.espalier.ui.charts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import org.espalier.evaluation.PerplexityPoint;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.Protocol;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.evaluation.SpeedResult;
import org.espalier.ui.session.Session;
import org.espalier.workspace.Run;

/**
 * Measurements of this session as they arrive. Points come in from any thread and wait until {@link
 * #drain}, so that ten thousand of them cost one redraw; everything else belongs to the UI thread.
 */
public final class Measurements {
  /** Name under which the dense model's measurements are kept. */
  public static final String DENSE = "";

  /** An evaluation that is running or has run. */
  private static final class Series {
    private final List<Double> perplexities = new ArrayList<>();
    private int windows;
    private Protocol protocol;
    private boolean live = true;
    private final String description;

    Series(String description) {
      this.description = description;
    }
  }

  /**
   * A curve to draw.
   *
   * @param model a run's id, or {@link #DENSE}
   * @param perplexities running perplexity after each window
   * @param windows expected in all; 0 while unknown
   * @param live true while points may follow
   * @param description what is known of the protocol before the end, in words
   */
  public record Curve(
      String model,
      List<Double> perplexities,
      int windows,
      boolean live,
      String description,
      Optional<Protocol> protocol) {}

  private record Arrival(Series series, PerplexityPoint point) {}

  private final ConcurrentLinkedQueue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
  private final Map<String, Series> newest = new LinkedHashMap<>();
  private final ReadOnlyLongWrapper revision = new ReadOnlyLongWrapper();
  private final ReadOnlyBooleanWrapper live = new ReadOnlyBooleanWrapper();
  private final Session session;
  private Optional<SpeedResult> denseSpeed = Optional.empty();

  public Measurements(Session session) {
    this.session = session;
    session.checkpoint().addListener((property, before, after) -> forget());
  }

  /** Grows with every change. */
  public ReadOnlyLongProperty revision() {
    return revision.getReadOnlyProperty();
  }

  /** True while some evaluation runs, so that points may arrive. */
  public ReadOnlyBooleanProperty live() {
    return live.getReadOnlyProperty();
  }

  /**
   * Takes the place of the model's former evaluation; the returned sink may be used by any thread.
   */
  public Consumer<PerplexityPoint> begin(String model, String description) {
    Series series = new Series(description);
    newest.put(model, series);
    changed();
    return point -> arrivals.add(new Arrival(series, point));
  }

  /** The evaluation is complete. */
  public void finish(String model, PerplexityResult result) {
    drain();
    Series series = newest.computeIfAbsent(model, name -> new Series(""));
    series.perplexities.clear();
    series.perplexities.addAll(running(result));
    series.windows = result.windows();
    series.protocol = result.protocol();
    series.live = false;
    changed();
  }

  /** The evaluation ended without a result; what has arrived stays. */
  public void abandon(String model) {
    drain();
    Series series = newest.get(model);
    if (series != null && series.live) {
      series.live = false;
      if (series.perplexities.isEmpty()) {
        newest.remove(model);
      }
      changed();
    }
  }

  /** Takes in what has arrived since the last call. */
  public void drain() {
    boolean any = false;
    for (Arrival next = arrivals.poll(); next != null; next = arrivals.poll()) {
      if (next.series().live) {
        next.series().perplexities.add(next.point().perplexity());
        next.series().windows = next.point().windows();
        any = true;
      }
    }
    if (any) {
      changed();
    }
  }

  public void denseSpeed(SpeedResult result) {
    denseSpeed = Optional.of(result);
    changed();
  }

  /** Tokens written per second by the dense model. */
  public Optional<Double> denseSpeed() {
    return denseSpeed
        .or(
            () ->
                session.runs().stream()
                    .filter(session::belongsHere)
                    .flatMap(run -> run.speed().stream())
                    .map(SpeedComparison::dense)
                    .reduce((first, last) -> last))
        .map(SpeedResult::decodeTokensPerSecond);
  }

  /** Newest perplexity of the dense model, running or final. */
  public Optional<Double> densePerplexity() {
    return last(newest.get(DENSE));
  }

  /** Perplexity so far of a run that is being evaluated. */
  public Optional<Double> livePerplexity(Run run) {
    Series series = newest.get(run.id());
    return series != null && series.live ? last(series) : Optional.empty();
  }

  /** The newest curve of a model, from this session or from the run's own record. */
  public Optional<Curve> curve(String model, Optional<Run> run) {
    Series series = newest.get(model);
    if (series != null) {
      return Optional.of(
          new Curve(
              model,
              List.copyOf(series.perplexities),
              series.windows,
              series.live,
              series.description,
              Optional.ofNullable(series.protocol)));
    }
    return run.filter(known -> !known.perplexities().isEmpty())
        .map(
            known -> {
              PerplexityResult result = known.perplexities().get(known.perplexities().size() - 1);
              return new Curve(
                  model,
                  running(result),
                  result.windows(),
                  false,
                  "",
                  Optional.of(result.protocol()));
            });
  }

  /** Perplexity over the first 1, 2, ... windows. */
  static List<Double> running(PerplexityResult result) {
    List<Double> running = new ArrayList<>(result.windows());
    double sum = 0;
    for (double windowMean : result.windowNegativeLogLikelihoods()) {
      sum += windowMean;
      running.add(Math.exp(sum / (running.size() + 1)));
    }
    return running;
  }

  private void forget() {
    newest.clear();
    denseSpeed = Optional.empty();
    changed();
  }

  private void changed() {
    revision.set(revision.get() + 1);
    live.set(newest.values().stream().anyMatch(series -> series.live));
  }

  private static Optional<Double> last(Series series) {
    return series == null || series.perplexities.isEmpty()
        ? Optional.empty()
        : Optional.of(series.perplexities.get(series.perplexities.size() - 1));
  }
}
