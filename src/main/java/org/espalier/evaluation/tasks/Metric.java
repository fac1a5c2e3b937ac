package org.espalier.evaluation.tasks;

import java.util.List;

/**
 * A mean over items with its standard error.
 *
 * @param name as in the task's definition ("acc_norm")
 * @param value mean over the items, 0 to 1
 * @param standardError sample deviation over the root of the number of items; 0 for a single item
 */
public record Metric(String name, double value, double standardError) {
  /** Counts instructions rather than items. */
  static final String INSTRUCTIONS = "instructions";

  /** The mean of a score over items that all carry it. */
  static Metric of(String name, List<ItemResult> items) {
    boolean perInstruction = name.startsWith("instruction_");
    double sum = 0;
    double weights = 0;
    for (ItemResult item : items) {
      sum += item.scores().get(name);
      weights += weight(item, perInstruction);
    }
    double mean = sum / weights;
    double squares = 0;
    for (ItemResult item : items) {
      double difference = item.scores().get(name) - mean * weight(item, perInstruction);
      squares += difference * difference;
    }
    int count = items.size();
    double error = count < 2 ? 0 : Math.sqrt(squares / (count - 1) * count) / weights;
    return new Metric(name, mean, error);
  }

  private static double weight(ItemResult item, boolean perInstruction) {
    return perInstruction ? item.scores().get(INSTRUCTIONS) : 1;
  }
}
