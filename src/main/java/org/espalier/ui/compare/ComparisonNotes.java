package org.espalier.ui.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.espalier.evaluation.SpeedResult;
import org.espalier.evaluation.tasks.PairedComparison;
import org.espalier.evaluation.tasks.TaskProtocol;
import org.espalier.report.chart.ParetoChart;
import org.espalier.report.chart.ParetoChart.Across;
import org.espalier.report.comparison.ComparedRun;
import org.espalier.report.comparison.ComparedRun.AgainstDense;
import org.espalier.report.comparison.ProtocolGroup;
import org.espalier.ui.compare.ComparedRuns.Choice;
import org.espalier.ui.platform.Messages;
import org.espalier.workspace.Run;

/** What a reader of a comparison's pictures has to know, a sentence each. */
final class ComparisonNotes {
  private final Messages messages;
  private final ComparisonFigures figures;

  ComparisonNotes(Messages messages, ComparisonFigures figures) {
    this.messages = messages;
    this.figures = figures;
  }

  /** Runs under other protocols are named, never ranked. */
  List<String> leftOut(ProtocolGroup ranked, List<Choice> chosen) {
    List<String> notes = new ArrayList<>();
    if (ranked == null) {
      return notes;
    }
    if (ranked.dense().isEmpty()) {
      notes.add(messages.text("comparison.denseUnmeasured"));
    }
    List<String> other = new ArrayList<>();
    List<String> unmeasured = new ArrayList<>();
    for (Choice choice : chosen) {
      if (!ranked.has(choice.run())) {
        (choice.run().perplexities().isEmpty() ? unmeasured : other).add(choice.run().name());
      }
    }
    if (!other.isEmpty()) {
      notes.add(messages.text("comparison.otherProtocol", String.join(", ", other)));
    }
    if (!unmeasured.isEmpty()) {
      notes.add(messages.text("comparison.notMeasured", String.join(", ", unmeasured)));
    }
    return notes;
  }

  /** Which runs are on the front, and which are missing from it for want of a speed. */
  List<String> front(ProtocolGroup ranked, Across across) {
    List<String> notes = new ArrayList<>();
    List<String> front = ParetoChart.front(figures.points(ranked), across);
    if (!front.isEmpty()) {
      notes.add(messages.text("comparison.front." + across, String.join(", ", front)));
    }
    if (across == Across.SPEED) {
      Optional<SpeedResult> protocol = ComparisonFigures.speedProtocol(ranked);
      List<String> without =
          ranked.members().stream()
              .map(ProtocolGroup.Member::run)
              .filter(
                  run ->
                      run.speed()
                          .filter(
                              speed ->
                                  protocol
                                      .filter(
                                          known -> ComparisonFigures.alike(known, speed.dense()))
                                      .isPresent())
                          .isEmpty())
              .map(Run::name)
              .toList();
      if (!without.isEmpty()) {
        notes.add(messages.text("comparison.withoutSpeed", String.join(", ", without)));
      }
    }
    return notes;
  }

  /** Of every task, which differences to the dense model are real. */
  List<String> verdicts(List<ComparedRun> compared) {
    List<String> notes = new ArrayList<>();
    Map<String, TaskProtocol> protocols = ComparisonFigures.protocols(compared);
    protocols.forEach(
        (task, protocol) -> {
          List<String> words = new ArrayList<>();
          int otherwise = 0;
          for (ComparedRun run : compared) {
            Optional<AgainstDense> result = ComparisonFigures.result(run, protocol);
            result
                .flatMap(AgainstDense::difference)
                .ifPresent(paired -> words.add(verdict(run.run(), paired)));
            boolean elsewhere =
                run.tasks().stream()
                    .anyMatch(known -> known.pruned().protocol().task().equals(task));
            otherwise += result.isEmpty() && elsewhere ? 1 : 0;
          }
          String title = ComparisonFigures.title(task);
          notes.add(
              words.isEmpty()
                  ? messages.text("comparison.unpaired", title)
                  : messages.text("comparison.verdicts", title, String.join("; ", words)));
          if (otherwise > 0) {
            notes.add(messages.text("comparison.taskOtherwise", title, otherwise));
          }
        });
    return notes;
  }

  private String verdict(Run run, PairedComparison paired) {
    return messages.text(
        paired.real() ? "comparison.real" : "comparison.chance",
        run.name(),
        String.format(Locale.ROOT, "%+.1f", 100 * paired.difference()),
        String.format(Locale.ROOT, "%+.1f", 100 * paired.low()),
        String.format(Locale.ROOT, "%+.1f", 100 * paired.high()),
        String.format(Locale.ROOT, "%.2g", paired.probability()));
  }
}
