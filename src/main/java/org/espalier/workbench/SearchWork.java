package org.espalier.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.espalier.corpus.Calibration;
import org.espalier.corpus.HeldOutSplit;
import org.espalier.corpus.TokenWindows;
import org.espalier.evaluation.Perplexity;
import org.espalier.evaluation.Protocol;
import org.espalier.pruning.ScorerSearch;
import org.espalier.pruning.ScorerTrials;
import org.espalier.search.Trial;
import org.espalier.statistics.Statistics;
import org.espalier.statistics.SubLayerMeasurement;
import org.espalier.task.Progress;
import org.espalier.transformer.Decoder;
import org.espalier.workspace.Journal;
import org.espalier.workspace.KeptSearch;
import org.espalier.workspace.Run;
import org.espalier.workspace.Workspace;

/** Searches for a method's scorer; a killed or cancelled search goes on behind its last trial. */
final class SearchWork {
  private final Workspace workspace;
  private final Measurer measurer;
  private final Texts texts;
  private final List<Consumer<SearchSnapshot>> listeners = new CopyOnWriteArrayList<>();

  SearchWork(Workspace workspace, Measurer measurer, Texts texts) {
    this.workspace = workspace;
    this.measurer = measurer;
    this.texts = texts;
  }

  Subscription onSearch(Consumer<SearchSnapshot> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** The finished search that a run came out of; empty where there was none. */
  static Optional<SearchSnapshot> of(Run run) {
    return Workspace.search(run.folder())
        .map(
            kept ->
                new SearchSnapshot(
                    run.name(),
                    kept.space(),
                    kept.trials().size(),
                    kept.densePerplexity(),
                    kept.judgedOn(),
                    kept.trials()));
  }

  /**
   * What was found.
   *
   * @param protocol the search in words
   * @param kept every trial
   */
  record Found(ScorerTrials.Outcome outcome, String protocol, KeptSearch kept) {}

  Found search(
      OpenModel model,
      Analysis analysis,
      PruneRequest request,
      Measurer.Measured measured,
      Progress progress) {
    ScorerSearch search = measured.recipe().scorerSearch().orElseThrow();
    OpenedCheckpoint checkpoint = analysis.checkpoint();
    HeldOutSplit texts =
        this.texts.heldOut(
            model, checkpoint.sample(), analysis.request().calibration(), search.judging());
    String key =
        String.join(
            "\n",
            model.checkpoint().hash(progress),
            texts.pool().hash(),
            texts.heldOut().hash(),
            measured.method().name(),
            new TreeMap<>(measured.parameters().asMap()).toString(),
            request.target().toString(),
            request.locks().toString(),
            analysis.request().destination().toString());
    try (Journal journal = workspace.journal("search", key)) {
      ScorerTrials.Judge judge = (pruned, told) -> perplexity(pruned, texts.heldOut(), told);
      double dense = judge.judge(model.decoder(), progress);
      List<Trial> trials = new ArrayList<>(journal.entries(Trial.class));
      String judgedOn =
          texts.heldOut() + " of " + texts.pool().source() + ", held out from calibration";
      Runnable tell =
          () -> {
            SearchSnapshot snapshot =
                new SearchSnapshot(
                    request.name(), search.space(), search.trials(), dense, judgedOn, trials);
            listeners.forEach(listener -> listener.accept(snapshot));
          };
      tell.run();
      ScorerTrials.Outcome outcome =
          new ScorerTrials(
                  model.decoder(),
                  checkpoint.model(),
                  measured.recipe(),
                  request.target(),
                  request.locks(),
                  analysis.constraint(),
                  texts.pool().windows(),
                  (measurements, set, told) -> measure(model, texts, measurements, set, told),
                  judge)
              .run(
                  List.copyOf(trials),
                  trial -> {
                    journal.append(trial);
                    trials.add(trial);
                    tell.run();
                  },
                  progress);
      journal.complete();
      return new Found(
          outcome,
          protocol(outcome.best(), search, texts.pool(), judgedOn),
          new KeptSearch(search.space(), dense, judgedOn, trials));
    }
  }

  private Statistics measure(
      OpenModel model,
      HeldOutSplit texts,
      Iterable<SubLayerMeasurement> measurements,
      TokenWindows set,
      Progress progress) {
    Optional<Calibration> calibration =
        Optional.of(new Calibration(texts.pool().source(), set, texts.pool().seed(), true));
    Statistics statistics = new Statistics(Map.of());
    for (SubLayerMeasurement measurement : measurements) {
      statistics = statistics.with(measurer.subLayers(model, measurement, calibration, progress));
    }
    return statistics;
  }

  private static double perplexity(Decoder decoder, TokenWindows windows, Progress progress) {
    Protocol protocol =
        new Protocol(
            "held-out text",
            windows.hash(),
            windows.length(),
            windows.count(),
            "",
            "float32",
            "",
            0);
    return new Perplexity(decoder, windows, protocol).measure(point -> {}, progress).perplexity();
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.3f", value);
  }

  private static String protocol(
      Trial best, ScorerSearch search, Calibration pool, String judgedOn) {
    List<String> values = new ArrayList<>();
    best.point().forEach((name, value) -> values.add(name + " " + number(value)));
    return String.format(
        Locale.ROOT,
        "best of %d trials with sets of %d windows from %s: %s; perplexity %.4f on %s",
        search.trials(),
        search.setSize(),
        pool.description(),
        String.join(", ", values),
        best.value(),
        judgedOn);
  }
}
