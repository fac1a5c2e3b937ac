package org.espalier.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.espalier.search.Trial;
import org.espalier.workbench.SearchSnapshot;

/** Tells of a search, a line for each trial. */
final class TrialLines {
  private final Terminal terminal;
  private SearchSnapshot last;

  TrialLines(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Shows what is new. */
  synchronized void show(SearchSnapshot search) {
    if (last == null) {
      line(
          String.format(
              Locale.ROOT,
              "Trials are judged on %s; the dense model has perplexity %.4f there",
              search.judgedOn(),
              search.densePerplexity()));
      if (!search.trials().isEmpty()) {
        line("Going on behind trial " + search.trials().size());
      }
    } else {
      search.trials().stream()
          .skip(last.trials().size())
          .forEach(trial -> line(describe(trial, search)));
    }
    last = search;
  }

  private static String describe(Trial trial, SearchSnapshot search) {
    String setting =
        trial.point().entrySet().stream()
            .map(entry -> entry.getKey() + " " + number(entry.getValue()))
            .collect(Collectors.joining(", "));
    boolean best = search.best().filter(trial::equals).isPresent();
    return String.format(
        Locale.ROOT,
        "Trial %d of %d: perplexity %.4f%s (%s)",
        trial.number() + 1,
        search.planned(),
        trial.value(),
        best ? ", the best so far" : "",
        setting);
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.3f", value);
  }

  /** Over a progress bar, which draws itself again. */
  private void line(String text) {
    terminal.err().println((terminal.interactive() ? "\r\033[K" : "") + text);
  }

  /** All trials so far, in their order. */
  synchronized List<Trial> trials() {
    return last == null ? List.of() : last.trials();
  }

  /** For beside the progress: the best value so far; empty before there is one. */
  synchronized String note() {
    return Optional.ofNullable(last)
        .flatMap(SearchSnapshot::best)
        .map(best -> String.format(Locale.ROOT, "best %.4f", best.value()))
        .orElse("");
  }
}
