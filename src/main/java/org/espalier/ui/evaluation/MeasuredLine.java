package org.espalier.ui.evaluation;

import java.util.Optional;
import org.espalier.workspace.Orders;

/**
 * A number, or one that is being measured.
 *
 * @param title of what was measured
 * @param number the number for tables with its spread
 * @param detail what it depends on, or how far it is
 * @param remarks what a reader of the number has to know, a sentence on each line; empty without
 * @param description every number and the whole protocol
 * @param order how it was asked for, to be measured again; empty where that is not known
 * @param device where it was measured
 * @param command what the command line is to be told for the same number; empty without an order
 */
public record MeasuredLine(
    String title,
    String number,
    String detail,
    String remarks,
    String description,
    Optional<Orders.Order> order,
    String device,
    String command) {
  /** A number that nobody can ask for again. */
  MeasuredLine(String title, String number, String detail, String remarks, String description) {
    this(title, number, detail, remarks, description, Optional.empty(), "", "");
  }

  /** The same number with a way to measure it again, or with a remark why there is none. */
  MeasuredLine repeatable(
      Optional<? extends Orders.Order> how, String where, String commandLine, String unknown) {
    return how.map(
            known ->
                new MeasuredLine(
                    title,
                    number,
                    detail,
                    remarks,
                    description,
                    Optional.of((Orders.Order) known),
                    where,
                    commandLine))
        .orElseGet(
            () ->
                new MeasuredLine(
                    title,
                    number,
                    detail,
                    remarks.isEmpty() ? unknown : remarks + "\n" + unknown,
                    description));
  }
}
