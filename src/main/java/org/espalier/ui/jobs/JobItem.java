package org.espalier.ui.jobs;

import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.Messages;
import org.espalier.workbench.Job;
import org.espalier.workbench.JobSnapshot;
import org.espalier.workbench.JobState;

/** One job as its card shows it. */
public final class JobItem {
  private final Job<?> job;
  private final Messages messages;
  private final ReadOnlyObjectWrapper<JobState> state =
      new ReadOnlyObjectWrapper<>(JobState.QUEUED);
  private final ReadOnlyDoubleWrapper fraction = new ReadOnlyDoubleWrapper();
  private final ReadOnlyStringWrapper stage = new ReadOnlyStringWrapper("");
  private final ReadOnlyIntegerWrapper waitingBehind = new ReadOnlyIntegerWrapper();
  private JobSnapshot snapshot;

  JobItem(Job<?> job, Messages messages) {
    this.job = job;
    this.messages = messages;
    show(job.snapshot());
  }

  public String title() {
    return snapshot.title();
  }

  public ReadOnlyObjectProperty<JobState> state() {
    return state.getReadOnlyProperty();
  }

  /** 0 to 1, or -1 while unknown. */
  public ReadOnlyDoubleProperty fraction() {
    return fraction.getReadOnlyProperty();
  }

  /** What is going on and how long it will take, in words. */
  public ReadOnlyStringProperty stage() {
    return stage.getReadOnlyProperty();
  }

  public boolean isOver() {
    return state.get().isOver();
  }

  public void cancel() {
    job.cancel();
  }

  /** Where it stands among those that wait: 0 for the next one. */
  public ReadOnlyIntegerProperty waitingBehind() {
    return waitingBehind.getReadOnlyProperty();
  }

  /** Lets it run one place earlier, or later; only while it waits. */
  public void move(boolean earlier) {
    job.move(earlier ? -1 : 1);
  }

  /** The job itself. */
  public Job<?> job() {
    return job;
  }

  JobSnapshot snapshot() {
    return snapshot;
  }

  void show(JobSnapshot newer) {
    if (newer == null) {
      return;
    }
    snapshot = newer;
    fraction.set(
        switch (newer.state()) {
          case QUEUED -> 0;
          case DONE -> 1;
          case RUNNING -> newer.fraction();
          case FAILED, CANCELLED -> Math.max(0, newer.fraction());
        });
    stage.set(words(newer));
    waitingBehind.set(newer.waitingBehind());
    state.set(newer.state());
  }

  private String words(JobSnapshot newer) {
    return switch (newer.state()) {
      case QUEUED ->
          newer.waitingBehind() == 0
              ? messages.text("job.queued")
              : messages.text("job.waitingBehind", newer.waitingBehind());
      case RUNNING ->
          newer
              .remaining()
              .map(left -> messages.text("job.running", newer.stage(), Figures.duration(left)))
              .orElse(newer.stage());
      case DONE -> messages.text("job.done", Figures.duration(newer.elapsed()));
      case CANCELLED -> messages.text("job.cancelled");
      case FAILED -> newer.failure().orElse(messages.text("job.failed"));
    };
  }
}
