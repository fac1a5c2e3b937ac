package org.espalier.workbench;

import java.nio.file.Path;
import java.util.Optional;
import org.espalier.evaluation.tasks.TaskProtocol;
import org.espalier.evaluation.tasks.TokenisationProfile;
import org.espalier.workspace.Orders;

/**
 * Which task to measure, and how.
 *
 * @param task name of a task
 * @param folder with the data set files
 * @param profile how text becomes token ids
 * @param limit at most so many items, the first ones; 0 for all
 * @param completions where written code goes for its official checker; empty for a file in the
 *     workspace
 * @param again measure again even if the result is known
 */
public record TaskRequest(
    String task,
    Path folder,
    TokenisationProfile profile,
    int limit,
    Optional<Path> completions,
    boolean again) {
  /** What was ordered, to be measured again. */
  public static TaskRequest of(Orders.TaskOrder order) {
    return new TaskRequest(
        order.protocol().task(),
        Path.of(order.folder()),
        TokenisationProfile.named(order.protocol().profile()),
        order.limit(),
        Texts.path(order.completions()),
        true);
  }

  /** This, to be kept with its number. */
  public Orders.TaskOrder order(TaskProtocol measured) {
    return new Orders.TaskOrder(
        measured, Texts.wholePath(Optional.of(folder)), limit, Texts.wholePath(completions));
  }
}
