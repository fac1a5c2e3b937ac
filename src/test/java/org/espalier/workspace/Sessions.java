package org.espalier.workspace;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.HandPicked;
import org.espalier.allocation.Hold;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
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
        List.of(
            new UnfinishedJob.Pruning(
                "Prune flap 30 %",
                Optional.empty(),
                analysed,
                state(0.3, Locks.NONE.with(SubLayer.attention(0), Hold.locked(4)))),
            new UnfinishedJob.Training(
                "Recover flap 30 %", "flap-30", Map.of("rank", "8"), "TEXT", Optional.empty())));
  }

  private static SavedDraft.State state(double ratio, Locks locks) {
    return new SavedDraft.State("mine", new Target(ratio, RatioDefinition.PRUNABLE), locks);
  }
}
