package org.espalier.report.comparison;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.espalier.workspace.Run;

/**
 * Which runs form one line: those of one method with the same parameters, recovered ones apart.
 * Only parameters that tell runs of a method apart stand in a name.
 *
 * @param runs all that are compared
 */
public record MethodSeries(List<Run> runs) {
  public MethodSeries {
    runs = List.copyOf(runs);
  }

  /** Name of the line that a run belongs to. */
  public String of(Run run) {
    Set<String> telling = new TreeSet<>();
    for (Run other : runs) {
      if (other.method().equals(run.method())) {
        Set<String> names = new TreeSet<>(other.parameters().keySet());
        names.addAll(run.parameters().keySet());
        names.removeIf(name -> value(run, name).equals(value(other, name)));
        telling.addAll(names);
      }
    }
    List<String> words = new ArrayList<>();
    telling.stream()
        .filter(name -> run.parameters().containsKey(name))
        .forEach(name -> words.add(name + " " + run.parameters().get(name)));
    if (run.recoveredFrom().isPresent()) {
      words.add("recovered");
    }
    return words.isEmpty() ? run.method() : run.method() + ", " + String.join(", ", words);
  }

  private static String value(Run run, String parameter) {
    Map<String, String> parameters = run.parameters();
    return parameters.getOrDefault(parameter, "");
  }

  /** All lines, in the order of their first runs. */
  public List<String> names() {
    return List.copyOf(
        runs.stream().map(this::of).collect(Collectors.toCollection(LinkedHashSet::new)));
  }
}
