package org.espalier.workspace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.espalier.evaluation.Protocol;
import org.espalier.evaluation.tasks.TaskProtocol;

/**
 * How the numbers of a run were asked for, kept beside them: what a protocol does not say, such as
 * the folder of a text, so that each can be measured again in the same way.
 */
public record Orders(
    List<PerplexityOrder> perplexities, List<TaskOrder> tasks, List<SpeedOrder> speeds) {
  /** Nothing is known of how numbers were asked for. */
  public static final Orders NONE = new Orders(List.of(), List.of(), List.of());

  /** How one number was asked for. */
  public sealed interface Order {}

  /**
   * A perplexity.
   *
   * @param protocol of the number
   * @param file whole path of the text; empty where {@code folder} holds it or it is the sample's
   * @param folder whole path of where {@code rules} find their text; empty without
   * @param rules name of a text protocol
   * @param window tokens of one window as they were asked for: 0 for the text's own, -1 for the
   *     model's
   * @param maxWindows at most so many windows; 0 for all
   * @param bos name of a BOS rule
   * @param goodEnough share of the perplexity at which the band was narrow enough; 0 for never
   * @param seed of the order of windows
   */
  public record PerplexityOrder(
      Protocol protocol,
      String file,
      String folder,
      String rules,
      int window,
      int maxWindows,
      String bos,
      double goodEnough,
      long seed)
      implements Order {}

  /**
   * A task.
   *
   * @param protocol of the number
   * @param folder whole path of the data sets
   * @param limit at most so many items; 0 for all
   * @param completions whole path of where written code went; empty for a file in the workspace
   */
  public record TaskOrder(TaskProtocol protocol, String folder, int limit, String completions)
      implements Order {}

  /** A speed. */
  public record SpeedOrder(int batch, int promptTokens, int newTokens, int warmUps, int rounds)
      implements Order {}

  public Orders {
    perplexities = List.copyOf(perplexities);
    tasks = List.copyOf(tasks);
    speeds = List.copyOf(speeds);
  }

  /** With one more, in place of that of the same protocol; a run has one speed. */
  public Orders with(Order order) {
    if (order instanceof PerplexityOrder perplexity) {
      return new Orders(
          replaced(perplexities, perplexity, o -> o.protocol().equals(perplexity.protocol())),
          tasks,
          speeds);
    }
    if (order instanceof TaskOrder task) {
      return new Orders(
          perplexities, replaced(tasks, task, o -> o.protocol().equals(task.protocol())), speeds);
    }
    return new Orders(perplexities, tasks, List.of((SpeedOrder) order));
  }

  private static <T> List<T> replaced(List<T> known, T order, Predicate<T> same) {
    List<T> all = new ArrayList<>(known);
    all.removeIf(same);
    all.add(order);
    return all;
  }

  public Optional<PerplexityOrder> perplexity(Protocol protocol) {
    return perplexities.stream().filter(order -> order.protocol().equals(protocol)).findFirst();
  }

  public Optional<TaskOrder> task(TaskProtocol protocol) {
    return tasks.stream().filter(order -> order.protocol().equals(protocol)).findFirst();
  }

  public Optional<SpeedOrder> speed() {
    return speeds.stream().findFirst();
  }
}
