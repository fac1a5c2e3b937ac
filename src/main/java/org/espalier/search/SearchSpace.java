package org.espalier.search;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** What a search may vary. */
public record SearchSpace(List<Variable> variables) {
  public SearchSpace {
    variables = List.copyOf(variables);
    if (variables.stream().map(Variable::name).distinct().count() != variables.size()) {
      throw new IllegalArgumentException("two variables of one name");
    }
  }

  /** A point drawn uniformly: a value for each variable, by its name. */
  Map<String, Double> draw(SplittableRandom random) {
    Map<String, Double> point = new LinkedHashMap<>();
    for (Variable variable : variables) {
      point.put(variable.name(), variable.draw(random));
    }
    return point;
  }
}
