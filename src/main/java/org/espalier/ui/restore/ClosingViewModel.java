package org.espalier.ui.restore;

import java.util.Optional;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.espalier.ui.jobs.JobItem;
import org.espalier.ui.jobs.JobsViewModel;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Sheets;
import org.espalier.ui.session.Sheets.Sheet;
import org.espalier.ui.session.UnfinishedJobs;

/** Asks what becomes of jobs that run or wait when the window is closed. */
public final class ClosingViewModel {
  private final JobsViewModel jobs;
  private final UnfinishedJobs unfinished;
  private final Notices notices;
  private final Sheets sheets;
  private final Messages messages;
  private final ObservableList<String> lines = FXCollections.observableArrayList();
  private Optional<Runnable> waiting = Optional.empty();
  private Runnable close = () -> {};

  public ClosingViewModel(
      JobsViewModel jobs,
      UnfinishedJobs unfinished,
      Notices notices,
      Sheets sheets,
      Messages messages) {
    this.jobs = jobs;
    this.unfinished = unfinished;
    this.notices = notices;
    this.sheets = sheets;
    this.messages = messages;
    jobs.busy()
        .addListener(
            (property, before, busy) -> {
              if (!busy) {
                waiting.ifPresent(Runnable::run);
              }
            });
  }

  /**
   * True if nothing holds the window. Otherwise the answer comes later.
   *
   * @param later closes the window
   */
  public boolean mayClose(Runnable later) {
    if (!jobs.isBusy()) {
      return true;
    }
    close = later;
    lines.setAll(jobs.items().stream().filter(item -> !item.isOver()).map(this::line).toList());
    sheets.open().set(Sheet.CLOSING);
    return false;
  }

  /** The jobs in question and what stopping means for each. */
  public ObservableList<String> lines() {
    return lines;
  }

  private String line(JobItem item) {
    return messages.text(
        unfinished.resumes(item.job()) ? "closing.goesOn" : "closing.startsOver", item.title());
  }

  /** Closes once the last job is done; until then that can be taken back. */
  public void waitForJobs() {
    sheets.close();
    Runnable now = close;
    if (!jobs.isBusy()) {
      now.run();
      return;
    }
    Notices.Offer offer =
        new Notices.Offer(
            messages.text("closing.waiting"),
            messages.text("closing.stayOpen"),
            () -> waiting = Optional.empty());
    waiting =
        Optional.of(
            () -> {
              waiting = Optional.empty();
              notices.withdraw(offer);
              now.run();
            });
    notices.offer(offer);
  }

  /** Closes at once; what is finished stays, and what can go on is offered at the next start. */
  public void stopJobs() {
    sheets.close();
    close.run();
  }

  /** Leaves everything as it is. */
  public void goBack() {
    sheets.close();
  }
}
