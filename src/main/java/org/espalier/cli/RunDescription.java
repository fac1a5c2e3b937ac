package org.espalier.cli;

import org.espalier.workspace.Run;

/** A fresh run in words. */
final class RunDescription {
  private RunDescription() {}

  static void print(Session session, Run run) {
    session.print(
        "Pruned "
            + Units.percent(run.ratios().prunable())
            + " of the prunable parameters ("
            + Units.percent(run.ratios().unit())
            + " of units, "
            + Units.percent(run.ratios().layer())
            + " of blocks, "
            + Units.percent(run.ratios().total())
            + " of all) in "
            + Units.seconds(run.seconds()));
    session.print(
        "Parameters: "
            + Units.count(run.parametersBefore())
            + " before, "
            + Units.count(run.parametersAfter())
            + " after");
    session.print("Kept head groups: " + run.allocation().keptHeadGroups());
    session.print("Kept channels: " + run.allocation().keptChannels());
    run.allocation().keptHidden().ifPresent(kept -> session.print("Kept hidden channels: " + kept));
  }
}
