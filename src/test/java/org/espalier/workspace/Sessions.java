package org.espalier.workspace;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.HandPicked;
import org.espalier.allocation.Hold;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.corpus.BosRule;
import org.espalier.evaluation.tasks.TokenisationProfile;
import org.espalier.transformer.SubLayer;

/** Sessions for tests. */
final class Sessions {
  private Sessions() {}

  /** A session whose draft was edited so many times. */
  static SavedSession edited(int times) {
    List<SavedDraft.Step> history = new ArrayList<>();
    history.add(new SavedDraft.Step("", state(0.3, Locks.NONE)));
    for (int edit = 1; edit <= times; edit++) {
      Locks locks =
          Locks.NONE
              .with(SubLayer.attention(edit % 2), Hold.locked(edit % 4))
              .with(SubLayer.feedForward(1), Hold.handSet(edit % 100))
              .withPicked(SubLayer.feedForward(0), HandPicked.NONE.keeping(edit % 100));
      history.add(new SavedDraft.Step("edit " + edit, state(0.3, locks)));
    }
    SavedDraft draft =
        new SavedDraft(
            "tiny",
            List.of(4, 4),
            List.of(100, 100),
            "flap",
            Map.of("metric", "IFV"),
            "64 windows of 128 tokens",
            Optional.of(new Allocation(List.of(3, 4), List.of(100, 90))),
            List.of(
                new SavedDraft.Snapshot(
                    "before",
                    state(0.2, Locks.NONE),
                    new Allocation(List.of(4, 4), List.of(9, 9)))),
            history,
            times);
    SavedSession.Analysed analysed =
        new SavedSession.Analysed(
            "flap",
            Map.of("metric", "IFV"),
            Optional.of(Path.of("/texts/a.txt")),
            64,
            128,
            5,
            "own",
            "hf-stock",
            64);
    return new SavedSession(
        Optional.of(Path.of("/models/tiny")),
        "tiny",
        new SavedSession.MethodForm(
            "flap",
            Map.of("flap", Map.of("metric", "IFV")),
            Optional.empty(),
            "64",
            "12x",
            "0",
            "",
            1),
        Optional.of(analysed),
        draft,
        SavedSession.DENSE,
        new SavedSession.Layout(
            List.of(10.0, 20.0, 1440.0, 900.0),
            true,
            Map.of("columns", List.of(0.2, 0.75)),
            List.of("by-index", "show-speed")),
        new SavedSession.Details(OptionalInt.of(1), 4096, Map.of("flap-30", "half a sen")),
        unfinished(analysed));
  }

  /** One of every kind. */
  private static List<UnfinishedJob> unfinished(SavedSession.Analysed analysed) {
    Optional<Path> sample = Optional.empty();
    Optional<Path> tiny = Optional.of(Path.of("/models/tiny"));
    UnfinishedJob.ReadText text =
        new UnfinishedJob.ReadText(
            Optional.of(Path.of("/texts/b.txt")),
            Optional.empty(),
            "text",
            128,
            40,
            BosRule.TOKENIZER,
            0.01,
            Long.MAX_VALUE,
            true);
    return List.of(
        new UnfinishedJob.Analysing("Analyse tiny", tiny, analysed),
        new UnfinishedJob.Pricing("Measure prices", tiny, analysed),
        new UnfinishedJob.Pruning(
            "Prune flap 30 %",
            sample, analysed, state(0.3, Locks.NONE.with(SubLayer.attention(0), Hold.locked(4)))),
        new UnfinishedJob.Training(
            "Recover flap 30 %", sample, "flap-30", Map.of("rank", "8"), "TEXT", Optional.empty()),
        new UnfinishedJob.Evaluating("Evaluate flap 30 %", tiny, "flap-30", text),
        new UnfinishedJob.Answering(
            "HellaSwag",
            tiny,
            "",
            "hellaswag",
            Path.of("/data"),
            TokenisationProfile.HCUR,
            100,
            false),
        new UnfinishedJob.Comparing(
            "All methods", tiny, "ALL_METHODS", Optional.empty(), 64, 128, 3, text),
        new UnfinishedJob.Racing(
            "Race",
            tiny,
            List.of(
                new UnfinishedJob.Racer("dense", Path.of("/models/tiny")),
                new UnfinishedJob.Racer("flap 30 %", Path.of("/runs/flap-30"))),
            text),
        new UnfinishedJob.Exporting(
            "Export flap 30 %",
            tiny, "flap-30", "transformers", "BF16", Path.of("/out/flap-30"), true));
  }

  private static SavedDraft.State state(double ratio, Locks locks) {
    return new SavedDraft.State(
        "mine", new Target(ratio, RatioDefinition.PRUNABLE), locks, "price", "transformers", 64);
  }
}
