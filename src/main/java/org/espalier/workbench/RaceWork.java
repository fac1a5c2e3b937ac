package org.espalier.workbench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.espalier.evaluation.Protocol;
import org.espalier.evaluation.race.Race;
import org.espalier.evaluation.race.RaceResult;
import org.espalier.evaluation.race.RaceStanding;
import org.espalier.task.CancelledException;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.transformer.Decoder;
import org.espalier.workspace.Journal;
import org.espalier.workspace.Workspace;

/** Races models; a killed or cancelled race goes on behind its last saved window. */
final class RaceWork {
  private static final String KIND = "race";

  private final Workspace workspace;
  private final Texts texts;
  private final Sample sample;
  private final BiFunction<Path, String, OpenModel> opening;

  /**
   * @param opening opens a checkpoint's folder on a device
   */
  RaceWork(
      Workspace workspace,
      Texts texts,
      Sample sample,
      BiFunction<Path, String, OpenModel> opening) {
    this.workspace = workspace;
    this.texts = texts;
    this.sample = sample;
    this.opening = opening;
  }

  RaceResult race(RaceRequest request, Consumer<RaceStanding> onWindow, Progress progress) {
    List<String> names = request.models().stream().map(RaceRequest.Model::name).toList();
    List<OpenModel> models = new ArrayList<>();
    try {
      for (RaceRequest.Model model : request.models()) {
        progress.report("Opening " + model.name(), models.size(), names.size());
        models.add(opening.apply(model.folder(), request.device()));
      }
      Texts.Evaluation text = text(request, models);
      Protocol protocol =
          Protocol.of(
              text.source(), text.windows(), text.bos(), request.device(), request.text().seed());
      Race race = new Race(names, text.windows(), protocol, request.error());
      String key = key(models, protocol, request.error(), progress);
      Optional<RaceResult> known =
          request.text().again()
              ? Optional.empty()
              : workspace.results().find(KIND, key, RaceResult.class);
      RaceResult result =
          known
              .map(finished -> told(finished.named(names), onWindow))
              .orElseGet(() -> race(race, models, key, onWindow, progress));
      return result.warning(warnings(names, models, text));
    } finally {
      models.forEach(OpenModel::close);
    }
  }

  /** A known race is told again as if it were run now; the models may be renamed since. */
  private static RaceResult told(RaceResult known, Consumer<RaceStanding> onWindow) {
    known.replay(onWindow);
    return known;
  }

  /** Numbers of models are compared only where all read the very same ids. */
  private Texts.Evaluation text(RaceRequest request, List<OpenModel> models) {
    Optional<Texts.Evaluation> first = Optional.empty();
    for (int i = 0; i < models.size(); i++) {
      Path folder = request.models().get(i).folder();
      Texts.Evaluation text =
          texts.evaluation(models.get(i), sample.isOrigin(folder), request.text());
      if (first.isPresent() && !first.get().windows().equals(text.windows())) {
        throw new EspalierException(
            "%s and %s make different tokens of %s, so they cannot race; choose runs of one model."
                .formatted(
                    request.models().get(0).name(), request.models().get(i).name(), text.source()));
      }
      first = first.or(() -> Optional.of(text));
    }
    return first
        .orElseThrow(
            () -> new EspalierException("A race needs at least two models; name one more."))
        .shuffled(request.text().seed());
  }

  private static String key(
      List<OpenModel> models, Protocol protocol, double error, Progress progress) {
    StringBuilder key = new StringBuilder();
    for (OpenModel model : models) {
      key.append(model.checkpoint().hash(progress)).append('\n');
    }
    return key.append(protocol).append('\n').append(error).toString();
  }

  private RaceResult race(
      Race race,
      List<OpenModel> models,
      String key,
      Consumer<RaceStanding> onWindow,
      Progress progress) {
    try (Journal journal = workspace.journal(KIND, key)) {
      List<double[]> finished = new ArrayList<>();
      journal.entries(double[][].class).forEach(saved -> finished.addAll(List.of(saved)));
      SavedPortions<double[]> portions = new SavedPortions<>(journal);
      try {
        List<Decoder> decoders = models.stream().map(OpenModel::decoder).toList();
        RaceResult result =
            race.run(decoders, finished, turn -> turn.forEach(portions::add), onWindow, progress);
        workspace.results().store(KIND, key, result);
        journal.complete();
        return result;
      } catch (CancelledException e) {
        portions.save();
        throw e;
      }
    }
  }

  private static List<String> warnings(
      List<String> names, List<OpenModel> models, Texts.Evaluation text) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      Overlap.warnings(models.get(i).checkpoint().folder(), text.windows())
          .forEach(sentence -> all.add(name + ": " + sentence));
    }
    return all;
  }
}
