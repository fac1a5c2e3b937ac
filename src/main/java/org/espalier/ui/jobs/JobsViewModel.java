package org.espalier.ui.jobs;

import java.util.concurrent.atomic.AtomicReference;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.platform.UiExecutor;
import org.espalier.workbench.Job;
import org.espalier.workbench.JobSnapshot;
import org.espalier.workbench.JobState;
import org.espalier.workbench.Workbench;

/** Jobs of this session, newest first; finished ones give way to new ones. */
public final class JobsViewModel {
  private static final int FINISHED_KEPT = 4;

  private final UiExecutor executor;
  private final Messages messages;
  private final ObservableList<JobItem> items = FXCollections.observableArrayList();

  public JobsViewModel(Workbench workbench, UiExecutor executor, Messages messages) {
    this.executor = executor;
    this.messages = messages;
    workbench.onJob(job -> executor.onUi(() -> add(job)));
  }

  public ObservableList<JobItem> items() {
    return items;
  }

  /** True while anything runs or waits. */
  public boolean isBusy() {
    return items.stream().anyMatch(item -> !item.isOver());
  }

  public void dismiss(JobItem item) {
    items.remove(item);
  }

  private void add(Job<?> job) {
    JobItem item = new JobItem(job, messages);
    items.add(0, item);
    // Reports can come faster than the window draws: only the newest of them is handed over.
    AtomicReference<JobSnapshot> waiting = new AtomicReference<>();
    job.onChange(
        snapshot -> {
          if (waiting.getAndSet(snapshot) == null) {
            executor.onUi(
                () -> {
                  item.show(waiting.getAndSet(null));
                  thinOut();
                });
          }
        });
  }

  private void thinOut() {
    long finished = items.stream().filter(JobItem::isOver).count();
    for (int i = items.size() - 1; i >= 0 && finished > FINISHED_KEPT; i--) {
      if (items.get(i).isOver() && items.get(i).snapshot().state() != JobState.FAILED) {
        items.remove(i);
        finished--;
      }
    }
  }
}
