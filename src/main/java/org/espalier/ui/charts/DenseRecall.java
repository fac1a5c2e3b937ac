package org.espalier.ui.charts;

import java.util.Optional;
import org.espalier.ui.platform.UiExecutor;
import org.espalier.ui.session.Session;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Run;

/**
 * Brings back what is known of the dense model where a run of an earlier session is shown, so that
 * its line stands beside the run's again.
 */
public final class DenseRecall {
  private final Workbench workbench;
  private final Session session;
  private final Measurements measurements;
  private final UiExecutor executor;

  public DenseRecall(
      Workbench workbench, Session session, Measurements measurements, UiExecutor executor) {
    this.workbench = workbench;
    this.session = session;
    this.measurements = measurements;
    this.executor = executor;
  }

  /** Looks whenever another run is shown. */
  public void begin() {
    session.shown().addListener((property, before, after) -> look());
  }

  private void look() {
    session
        .shownRun()
        .filter(session::belongsHere)
        .filter(run -> !run.perplexities().isEmpty() && isUnknown())
        .ifPresent(run -> executor.inBackground(() -> recall(run)));
  }

  private void recall(Run run) {
    workbench
        .dense(run)
        .ifPresent(
            result ->
                executor.onUi(
                    () -> {
                      if (session.belongsHere(run) && isUnknown()) {
                        measurements.finish(Measurements.DENSE, result);
                      }
                    }));
  }

  private boolean isUnknown() {
    return measurements.curve(Measurements.DENSE, Optional.empty()).isEmpty();
  }
}
