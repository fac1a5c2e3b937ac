package org.espalier.recovery;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Which examples a step sees: every round through all of them is shuffled anew. Depends on nothing
 * but seed and step, so that a resumed training sees what the interrupted one would have seen.
 */
record ExampleOrder(int examples, int batch, long seed) {
  /** Indices of the examples of a step, counted from 0. */
  List<Integer> of(int step) {
    List<Integer> chosen = new ArrayList<>(batch);
    long first = (long) step * batch;
    int[] shuffled = {};
    long round = -1;
    for (long i = first; i < first + batch; i++) {
      if (i / examples != round) {
        round = i / examples;
        shuffled = shuffled(round);
      }
      chosen.add(shuffled[(int) (i % examples)]);
    }
    return chosen;
  }

  private int[] shuffled(long round) {
    SplittableRandom random = new SplittableRandom(seed + 0x9E3779B97F4A7C15L * (round + 1));
    int[] order = new int[examples];
    for (int i = 0; i < examples; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
