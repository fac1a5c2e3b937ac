package org.espalier.ui.prediction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.espalier.allocation.MeasuredCorrection;
import org.espalier.allocation.MeasuredCorrection.Measured;
import org.espalier.allocation.Surrogate;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.Protocol;
import org.espalier.pruning.MethodParameter;
import org.espalier.ui.charts.Measurements;
import org.espalier.ui.session.Session;
import org.espalier.workbench.Analysis;
import org.espalier.workspace.Run;

/**
 * The runs that a prediction can be held against: cut from the open checkpoint by the same method
 * with the same parameters, and measured on the same windows. Of several texts the one with most
 * runs counts.
 */
final class MeasuredRuns {
  private final Session session;
  private final Measurements measurements;

  MeasuredRuns(Session session, Measurements measurements) {
    this.session = session;
    this.measurements = measurements;
  }

  /**
   * A line through what was measured.
   *
   * @param protocol of all the measurements
   */
  record Correction(MeasuredCorrection line, Protocol protocol) {}

  private record Windows(String textHash, int length, int count) {
    static Windows of(Protocol protocol) {
      return new Windows(protocol.textHash(), protocol.window(), protocol.windows());
    }
  }

  /** The correction by what is measured now; empty before anything is. */
  Optional<Correction> correction(Analysis analysis, Surrogate surrogate) {
    Map<Windows, List<Measured>> byText = new LinkedHashMap<>();
    Map<Windows, Protocol> protocols = new HashMap<>();
    measurements
        .curve(Measurements.DENSE, Optional.empty())
        .filter(curve -> curve.protocol().isPresent() && !curve.perplexities().isEmpty())
        .ifPresent(
            curve -> {
              Protocol protocol = curve.protocol().orElseThrow();
              double last = curve.perplexities().get(curve.perplexities().size() - 1);
              protocols.put(Windows.of(protocol), protocol);
              byText
                  .computeIfAbsent(Windows.of(protocol), added -> new ArrayList<>())
                  .add(new Measured(0, Math.log(last), true));
            });
    for (Run run : session.runs()) {
      if (session.belongsHere(run) && isOf(run, analysis)) {
        OptionalDouble change = surrogate.change(run.allocation());
        Map<Windows, PerplexityResult> newest = new LinkedHashMap<>();
        run.perplexities().forEach(result -> newest.put(Windows.of(result.protocol()), result));
        newest.forEach(
            (windows, result) -> {
              if (change.isPresent() && Double.isFinite(Math.log(result.perplexity()))) {
                protocols.putIfAbsent(windows, result.protocol());
                byText
                    .computeIfAbsent(windows, added -> new ArrayList<>())
                    .add(new Measured(change.getAsDouble(), Math.log(result.perplexity()), false));
              }
            });
      }
    }
    return byText.entrySet().stream()
        .max((a, b) -> Integer.compare(a.getValue().size(), b.getValue().size()))
        .map(
            entry ->
                new Correction(
                    new MeasuredCorrection(entry.getValue()), protocols.get(entry.getKey())));
  }

  /** Whether the method would choose the same units; how they are shared out may differ. */
  static boolean isOf(Run run, Analysis analysis) {
    if (!run.method().equals(analysis.method().name()) || !run.locks().picked().isEmpty()) {
      return false;
    }
    for (MethodParameter parameter : analysis.method().parameters()) {
      String wanted =
          analysis.request().parameters().getOrDefault(parameter.name(), parameter.defaultValue());
      if (!wanted.equals(
          run.parameters().getOrDefault(parameter.name(), parameter.defaultValue()))) {
        return false;
      }
    }
    return true;
  }
}
