package org.espalier.workspace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Hold;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Ratios;
import org.espalier.allocation.Target;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.Protocol;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.evaluation.SpeedResult;
import org.espalier.transformer.SubLayer;

/** Runs for tests. */
final class Runs {
  private Runs() {}

  static Run run(String name, Instant created) {
    return new Run(
        "",
        name,
        Path.of("."),
        Path.of("/models/dense"),
        "abc123",
        "flap",
        Map.of("metric", "WIFV"),
        new Target(0.3, RatioDefinition.PRUNABLE),
        Locks.NONE
            .with(SubLayer.attention(1), Hold.locked(4))
            .with(SubLayer.feedForward(0), Hold.handSet(100)),
        new Allocation(List.of(3, 4), List.of(100, 90)),
        new Ratios(0.25, 0.3, 0.28, 0.2),
        1000,
        700,
        1400,
        1.5,
        123456,
        created,
        List.of(),
        Optional.empty());
  }

  static PerplexityResult perplexity(String text, double value) {
    return new PerplexityResult(
        value,
        List.of(1.5, 2.25),
        254,
        0.5,
        new Protocol(text, "ff00", 128, 2, "none", "float32", "cpu", 0));
  }

  static SpeedComparison speed() {
    SpeedResult result = new SpeedResult(100, 10, 1 << 20, 128, 128, 10, "cpu");
    return new SpeedComparison(
        result,
        result,
        new SpeedComparison.Spread(1, 1.1, 1.2),
        new SpeedComparison.Spread(0.9, 1, 1.3));
  }

  /** Publishes a run with one small file. */
  static Run publish(Workspace workspace, String name, Instant created) throws IOException {
    try (RunDraft draft = workspace.begin(name)) {
      fill(draft);
      return draft.publish(run(name, created));
    }
  }

  static void fill(RunDraft draft) throws IOException {
    Files.createDirectories(draft.folder());
    Files.writeString(draft.folder().resolve("config.json"), "{}");
  }
}
