package org.espalier.report.comparison;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Ratios;
import org.espalier.allocation.Target;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.Protocol;
import org.espalier.report.heatmap.Examples;
import org.espalier.workspace.Run;

/** Runs to compare. */
final class ComparedRuns {
  static final PrunableModel MODEL = Examples.model(4, 4, 64);

  private ComparedRuns() {}

  static PerplexityResult perplexity(double value, String text, String device) {
    double nll = Math.log(value);
    return new PerplexityResult(
        value,
        List.of(nll, nll),
        256,
        1,
        new Protocol(text, text + "'s hash", 128, 2, "none", "float32", device, 0));
  }

  static ComparedRun run(String name, List<PerplexityResult> own, List<PerplexityResult> dense) {
    return run(name, "hash", own, dense);
  }

  static ComparedRun run(
      String name, String hash, List<PerplexityResult> own, List<PerplexityResult> dense) {
    Allocation kept = Allocation.dense(MODEL);
    return new ComparedRun(
        new Run(
            name,
            name,
            Path.of("runs", name),
            Path.of("dense"),
            hash,
            "flap",
            Map.of(),
            new Target(0.3, RatioDefinition.PRUNABLE),
            Locks.NONE,
            kept,
            Ratios.of(kept, MODEL),
            1000,
            700,
            1400,
            1,
            1,
            Instant.EPOCH,
            own,
            Optional.empty()),
        dense,
        List.of());
  }
}
