package org.espalier.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.Ratios;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.Protocol;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.importance.SubLayerScore;
import org.espalier.importance.SubLayerScores;
import org.espalier.search.Trial;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.workspace.RecoveredFrom;
import org.espalier.workspace.Run;

/** A run as scripts see it. */
record RunJson(
    String id,
    String name,
    String folder,
    String checkpoint,
    String method,
    Map<String, String> methodParameters,
    TargetJson target,
    List<LockJson> locks,
    List<Integer> keptHeadGroups,
    List<Integer> keptChannels,
    @JsonInclude(JsonInclude.Include.NON_NULL) Integer keptHidden,
    Ratios ratio,
    ParametersJson parameters,
    long bytes,
    double seconds,
    long peakMemoryBytes,
    String created,
    List<PerplexityJson> perplexities,
    SpeedComparison speed,
    @JsonInclude(JsonInclude.Include.NON_NULL) RecoveredFrom recoveredFrom,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<SubLayerJson> subLayers,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<TrialJson> trials) {
  record TargetJson(double ratio, String of) {}

  record LockJson(int block, String subLayer, int keptUnits) {}

  record ParametersJson(long before, long after) {}

  /** One setting that a search tried, and the perplexity on the text that judged it. */
  record TrialJson(int trial, Map<String, Double> setting, double perplexity) {}

  /** The same run with what a search tried on the way to it. */
  RunJson with(List<Trial> tried) {
    return new RunJson(
        id,
        name,
        folder,
        checkpoint,
        method,
        methodParameters,
        target,
        locks,
        keptHeadGroups,
        keptChannels,
        keptHidden,
        ratio,
        parameters,
        bytes,
        seconds,
        peakMemoryBytes,
        created,
        perplexities,
        speed,
        recoveredFrom,
        subLayers,
        tried.stream()
            .map(trial -> new TrialJson(trial.number() + 1, trial.point(), trial.value()))
            .toList());
  }

  /** What a method thinks of a sub-layer, and the share of its units that went. */
  record SubLayerJson(int block, String subLayer, double score, double costShare, double ratio) {}

  static RunJson of(Run run) {
    return of(run, List.of(), run.seconds());
  }

  /**
   * A run that was just made.
   *
   * @param model the dense model
   * @param seconds that the whole command took, its analysis included
   */
  static RunJson of(Run run, PrunableModel model, SubLayerScores scores, double seconds) {
    List<SubLayerJson> subLayers =
        model.subLayers().stream()
            .filter(subLayer -> scores.of(subLayer).isPresent())
            .map(
                subLayer -> {
                  SubLayerScore score = scores.of(subLayer).orElseThrow();
                  double kept = run.allocation().kept(subLayer);
                  return new SubLayerJson(
                      subLayer.block(),
                      name(subLayer),
                      score.score(),
                      score.costShare(),
                      1 - kept / model.units(subLayer));
                })
            .toList();
    return of(run, subLayers, seconds);
  }

  private static RunJson of(Run run, List<SubLayerJson> subLayers, double seconds) {
    return new RunJson(
        run.id(),
        run.name(),
        run.folder().toString(),
        run.checkpoint().toString(),
        run.method(),
        new LinkedHashMap<>(run.parameters()),
        new TargetJson(run.target().ratio(), run.target().of().label()),
        run.locks().holds().entrySet().stream()
            .map(entry -> lock(entry.getKey(), entry.getValue().keptUnits()))
            .sorted(
                (a, b) ->
                    a.block() != b.block()
                        ? a.block() - b.block()
                        : a.subLayer().compareTo(b.subLayer()))
            .toList(),
        run.allocation().keptHeadGroups(),
        run.allocation().keptChannels(),
        run.allocation().keptHidden().isPresent() ? run.allocation().keptHidden().getAsInt() : null,
        run.ratios(),
        new ParametersJson(run.parametersBefore(), run.parametersAfter()),
        run.bytes(),
        seconds,
        run.peakMemoryBytes(),
        run.created().toString(),
        run.perplexities().stream().map(PerplexityJson::of).toList(),
        run.speed().orElse(null),
        run.recoveredFrom().orElse(null),
        subLayers,
        List.of());
  }

  private static LockJson lock(SubLayer subLayer, int keptUnits) {
    return new LockJson(subLayer.block(), name(subLayer), keptUnits);
  }

  private static String name(SubLayer subLayer) {
    return subLayer.kind() == SubLayerKind.ATTENTION ? "attention" : "feedForward";
  }

  /** A perplexity without its single windows. */
  record PerplexityJson(
      double perplexity, int windows, long tokens, double seconds, Protocol protocol) {
    static PerplexityJson of(PerplexityResult result) {
      return new PerplexityJson(
          result.perplexity(),
          result.windows(),
          result.tokens(),
          result.seconds(),
          result.protocol());
    }
  }
}
