package org.espalier.report.comparison;

import static org.espalier.report.comparison.Reproduction.option;

import java.util.Locale;
import java.util.Optional;
import org.espalier.evaluation.Protocol;
import org.espalier.evaluation.SpeedResult;
import org.espalier.evaluation.TextProtocol;
import org.espalier.evaluation.tasks.TaskProtocol;
import org.espalier.workspace.Orders;

/**
 * The commands that measure the numbers of a model again.
 *
 * @param model how the command line names it
 * @param bringsTexts whether the command line finds its evaluation text by itself
 * @param orders how its numbers were asked for, as far as that is known
 */
public record EvaluationCommands(String model, boolean bringsTexts, Orders orders) {
  /** The line that measures a perplexity again. */
  public String command(Protocol protocol) {
    StringBuilder command = evaluate();
    Optional<Orders.PerplexityOrder> known = orders.perplexity(protocol);
    known.ifPresentOrElse(order -> text(command, order), () -> text(command, protocol));
    command.append(option("--device", protocol.device()));
    return command.append(" --again").toString();
  }

  private static void text(StringBuilder command, Orders.PerplexityOrder order) {
    if (!order.rules().equals(TextProtocol.ANY_TEXT)) {
      command.append(option("--protocol", order.rules()));
    }
    given(command, "--text", order.file());
    given(command, "--data", order.folder());
    int window = order.window() == 0 ? order.protocol().window() : order.window();
    command.append(option("--window", window < 0 ? "model" : Integer.toString(window)));
    if (order.maxWindows() > 0) {
      command.append(option("--max-windows", Integer.toString(order.maxWindows())));
    }
    command.append(option("--bos", order.bos().toLowerCase(Locale.ROOT)));
    if (order.goodEnough() > 0) {
      command.append(option("--good-enough", Double.toString(order.goodEnough())));
      command.append(option("--seed", Long.toString(order.seed())));
    }
  }

  /** As far as the protocol tells it. */
  private void text(StringBuilder command, Protocol protocol) {
    if (!bringsTexts) {
      command.append(option("--text", protocol.text()));
    }
    command.append(option("--window", Integer.toString(protocol.window())));
    command.append(option("--max-windows", Integer.toString(protocol.windows())));
  }

  /** The line that puts a task to the model again. */
  public String command(TaskProtocol protocol) {
    Optional<Orders.TaskOrder> known = orders.task(protocol);
    StringBuilder command =
        evaluate()
            .append(option("--tasks", protocol.task()))
            .append(option("--data", known.map(Orders.TaskOrder::folder).orElse("FOLDER")))
            .append(option("--profile", protocol.profile()));
    int limit = known.map(Orders.TaskOrder::limit).orElse(protocol.items());
    if (limit > 0) {
      command.append(option("--limit", Integer.toString(limit)));
    }
    known.ifPresent(order -> given(command, "--completions", order.completions()));
    return command.append(option("--device", protocol.device())).append(" --again").toString();
  }

  /** The line that measures the speed of the model again. */
  public String command(SpeedResult speed) {
    return evaluate()
        .append(" --speed")
        .append(option("--batch", Integer.toString(speed.batch())))
        .append(option("--prompt-tokens", Integer.toString(speed.promptTokens())))
        .append(option("--new-tokens", Integer.toString(speed.newTokens())))
        .append(option("--rounds", Integer.toString(speed.rounds())))
        .append(option("--device", speed.device()))
        .toString();
  }

  private StringBuilder evaluate() {
    return Reproduction.command("evaluate", model);
  }

  private static void given(StringBuilder command, String name, String value) {
    if (!value.isEmpty()) {
      command.append(option(name, value));
    }
  }
}
