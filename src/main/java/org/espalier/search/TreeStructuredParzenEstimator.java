package org.espalier.search;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Bayesian optimisation by densities (Bergstra et al., Algorithms for Hyper-Parameter Optimization,
 * NeurIPS 2011): the best tenth of the trials gives a density l of good points, the others a
 * density g, each variable on its own; of points drawn from l the one with the largest l/g is tried
 * next.
 *
 * @param seed same seed and history, same suggestion
 * @param startup trials before anything is fitted, at least 1: drawn uniformly, but spread over the
 *     choices of every {@link Variable.Categorical}
 */
public record TreeStructuredParzenEstimator(SearchSpace space, long seed, int startup)
    implements Suggester {
  private static final double GOOD_SHARE = 0.1;
  private static final int MOST_GOOD = 25;
  private static final int CANDIDATES = 24;

  public TreeStructuredParzenEstimator {
    if (startup < 1) {
      throw new IllegalArgumentException("needs trials to begin with, not " + startup);
    }
  }

  @Override
  public Map<String, Double> suggest(List<Trial> history) {
    SplittableRandom random = RandomSearch.random(seed, history.size());
    if (history.size() < startup) {
      return start(history.size(), random);
    }
    List<Trial> ranked = history.stream().sorted(Comparator.comparingDouble(Trial::rank)).toList();
    int good = Math.min((int) Math.ceil(GOOD_SHARE * ranked.size()), MOST_GOOD);
    List<Dimension> dimensions =
        space.variables().stream()
            .map(
                variable ->
                    Dimension.of(
                        variable,
                        values(variable, ranked.subList(0, good)),
                        values(variable, ranked.subList(good, ranked.size()))))
            .toList();
    Map<String, Double> best = Map.of();
    double highest = Double.NEGATIVE_INFINITY;
    for (int candidate = 0; candidate < CANDIDATES; candidate++) {
      Map<String, Double> point = new LinkedHashMap<>();
      double gain = 0;
      for (Dimension dimension : dimensions) {
        double value = dimension.draw(random);
        point.put(dimension.name(), value);
        gain += dimension.gain(value);
      }
      if (best.isEmpty() || gain > highest) {
        best = point;
        highest = gain;
      }
    }
    return best;
  }

  /** Drawn uniformly, but that no choice comes again before every other has come. */
  private Map<String, Double> start(int number, SplittableRandom random) {
    Map<String, Double> point = new LinkedHashMap<>(space.draw(random));
    SplittableRandom order = new SplittableRandom(seed);
    for (Variable variable : space.variables()) {
      if (variable instanceof Variable.Categorical choice) {
        point.put(choice.name(), (double) shuffled(choice, order)[number % choice.choices()]);
      }
    }
    return point;
  }

  private static int[] shuffled(Variable.Categorical choice, SplittableRandom random) {
    int[] order = new int[choice.choices()];
    for (int i = 0; i < order.length; i++) {
      int place = random.nextInt(i + 1);
      order[i] = order[place];
      order[place] = i;
    }
    return order;
  }

  private static double[] values(Variable variable, List<Trial> trials) {
    return trials.stream().mapToDouble(trial -> trial.point().get(variable.name())).toArray();
  }

  /** The two densities of one variable. */
  private interface Dimension {
    String name();

    /** A value from the density of good points. */
    double draw(SplittableRandom random);

    /** log l - log g. */
    double gain(double value);

    static Dimension of(Variable variable, double[] good, double[] others) {
      if (variable instanceof Variable.Continuous range) {
        return new Range(
            range.name(), new ParzenMixture(range, good), new ParzenMixture(range, others));
      }
      Variable.Categorical choice = (Variable.Categorical) variable;
      return new Choice(choice.name(), shares(choice, good), shares(choice, others));
    }

    /** How often each choice occurs, with one more of each. */
    private static double[] shares(Variable.Categorical choice, double[] values) {
      double[] shares = new double[choice.choices()];
      double total = values.length + choice.choices();
      for (int i = 0; i < shares.length; i++) {
        shares[i] = 1 / total;
      }
      for (double value : values) {
        shares[(int) value] += 1 / total;
      }
      return shares;
    }
  }

  private record Range(String name, ParzenMixture good, ParzenMixture others) implements Dimension {
    @Override
    public double draw(SplittableRandom random) {
      return good.draw(random);
    }

    @Override
    public double gain(double value) {
      return Math.log(good.density(value)) - Math.log(others.density(value));
    }
  }

  private record Choice(String name, double[] good, double[] others) implements Dimension {
    @Override
    public double draw(SplittableRandom random) {
      double rest = random.nextDouble();
      int choice = 0;
      while (choice < good.length - 1 && rest >= good[choice]) {
        rest -= good[choice++];
      }
      return choice;
    }

    @Override
    public double gain(double value) {
      return Math.log(good[(int) value]) - Math.log(others[(int) value]);
    }
  }
}
