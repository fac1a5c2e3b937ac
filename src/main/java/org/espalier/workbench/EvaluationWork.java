package org.espalier.workbench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.espalier.corpus.TokenWindows;
import org.espalier.evaluation.Perplexity;
import org.espalier.evaluation.PerplexityPoint;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.Protocol;
import org.espalier.task.CancelledException;
import org.espalier.task.Progress;
import org.espalier.workspace.Journal;
import org.espalier.workspace.Workspace;

/** Measures perplexity; a killed or cancelled measurement goes on behind its last saved window. */
final class EvaluationWork {
  private static final String KIND = "perplexity";

  private final Workspace workspace;
  private final Texts texts;

  EvaluationWork(Workspace workspace, Texts texts) {
    this.workspace = workspace;
    this.texts = texts;
  }

  PerplexityResult measure(
      OpenModel model,
      boolean isSample,
      String device,
      EvaluationRequest request,
      Consumer<PerplexityPoint> onWindow,
      Progress progress) {
    Texts.Evaluation text = texts.evaluation(model, isSample, request);
    Protocol protocol =
        new Protocol(
            text.source(),
            text.windows().hash(),
            text.windows().length(),
            text.windows().count(),
            text.bos(),
            "float32",
            device,
            request.goodEnough() > 0 ? request.seed() : 0);
    String key = key(model, protocol, request, progress);
    List<String> warnings = Overlap.warnings(model.checkpoint().folder(), text.windows());
    Optional<PerplexityResult> known =
        request.again()
            ? Optional.empty()
            : workspace.results().find(KIND, key, PerplexityResult.class);
    PerplexityResult result =
        known.isPresent()
            ? replay(known.get(), text.windows(), request.goodEnough(), onWindow)
            : measureNew(model, text.windows(), protocol, request, key, onWindow, progress);
    return result.warning(warnings);
  }

  /** What was measured before on the model with this hash. */
  Optional<PerplexityResult> known(String checkpointHash, Protocol protocol) {
    return workspace.results().find(KIND, checkpointHash + "\n" + protocol, PerplexityResult.class);
  }

  private static String key(
      OpenModel model, Protocol protocol, EvaluationRequest request, Progress progress) {
    String key = model.checkpoint().hash(progress) + "\n" + protocol;
    return request.goodEnough() > 0 ? key + "\n" + request.goodEnough() : key;
  }

  /** The number in words. */
  static String words(PerplexityResult result) {
    return String.format(Locale.ROOT, "Perplexity %.4f", result.perplexity());
  }

  /** Tells a known result window by window, as if it were measured now. */
  private static PerplexityResult replay(
      PerplexityResult known,
      TokenWindows windows,
      double goodEnough,
      Consumer<PerplexityPoint> onWindow) {
    Perplexity.replay(known.windowNegativeLogLikelihoods(), windows.count(), goodEnough, onWindow);
    return known;
  }

  private PerplexityResult measureNew(
      OpenModel model,
      TokenWindows windows,
      Protocol protocol,
      EvaluationRequest request,
      String key,
      Consumer<PerplexityPoint> onWindow,
      Progress progress) {
    try (Journal journal = workspace.journal("evaluate", key)) {
      List<Double> finished = new ArrayList<>();
      for (JsonNode saved : journal.entries()) {
        saved.forEach(value -> finished.add(value.asDouble()));
      }
      SavedPortions<Double> portions = new SavedPortions<>(journal);
      int known = finished.size();
      try {
        PerplexityResult result =
            new Perplexity(model.decoder(), windows, protocol, request.goodEnough())
                .measure(
                    finished,
                    point -> {
                      if (point.window() > known) {
                        portions.add(point.windowNegativeLogLikelihood());
                      }
                      onWindow.accept(point);
                    },
                    progress);
        Kept.orTold(
            words(result),
            () -> {
              // Whatever happens to the result, its windows are safe.
              portions.save();
              workspace.results().store(KIND, key, result);
            });
        journal.complete();
        return result;
      } catch (CancelledException e) {
        portions.save();
        throw e;
      }
    }
  }
}
