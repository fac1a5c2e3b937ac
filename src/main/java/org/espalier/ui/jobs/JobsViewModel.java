package org.espalier.ui.jobs;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.platform.UiExecutor;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Sheets;
import org.espalier.ui.session.Sheets.Sheet;
import org.espalier.workbench.Job;
import org.espalier.workbench.JobSnapshot;
import org.espalier.workbench.JobState;
import org.espalier.workbench.Workbench;

/**
 * Jobs of this session: what runs, then what waits in the order in which it will run, then what is
 * over, newest first. Finished ones give way to new ones.
 */
public final class JobsViewModel {
  private static final int FINISHED_KEPT = 4;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

  private static final Comparator<JobItem> ORDER =
      Comparator.comparingInt(JobsViewModel::group)
          .thenComparingInt(item -> item.waitingBehind().get())
          .thenComparingLong(item -> item.isOver() ? -item.snapshot().id() : item.snapshot().id());

  private final UiExecutor executor;
  private final JobFollower follower;
  private final Sheets sheets;
  private final Messages messages;
  private final ObservableList<JobItem> items = FXCollections.observableArrayList();
  private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
  private final ReadOnlyObjectWrapper<Optional<JobItem>> logged =
      new ReadOnlyObjectWrapper<>(Optional.empty());

  public JobsViewModel(
      Workbench workbench,
      UiExecutor executor,
      JobFollower follower,
      Sheets sheets,
      Messages messages) {
    this.executor = executor;
    this.follower = follower;
    this.sheets = sheets;
    this.messages = messages;
    workbench.onJob(job -> executor.onUi(() -> add(job)));
  }

  private static int group(JobItem item) {
    return item.isOver() ? 2 : item.state().get() == JobState.QUEUED ? 1 : 0;
  }

  public ObservableList<JobItem> items() {
    return items;
  }

  /** True while anything runs or waits. */
  public boolean isBusy() {
    return items.stream().anyMatch(item -> !item.isOver());
  }

  /** As {@link #isBusy}. */
  public ReadOnlyBooleanProperty busy() {
    return busy.getReadOnlyProperty();
  }

  public void dismiss(JobItem item) {
    items.remove(item);
  }

  /** Tries a failed job once more with the same settings. */
  public void repeat(JobItem item) {
    items.remove(item);
    follower.repeat(item.job());
  }

  /** The job whose log is on show. */
  public ReadOnlyObjectProperty<Optional<JobItem>> logged() {
    return logged.getReadOnlyProperty();
  }

  public void showLog(JobItem item) {
    logged.set(Optional.of(item));
    sheets.open().set(Sheet.JOB_LOG);
  }

  /** What happened to a job and when, one event per line. */
  public String log(JobItem item) {
    return item.job().log().stream()
        .map(event -> messages.text("job.event", TIME.format(event.at()), event.words()))
        .collect(Collectors.joining("\n"));
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
                  arrange();
                });
          }
        });
  }

  private void arrange() {
    long finished = items.stream().filter(JobItem::isOver).count();
    for (int i = items.size() - 1; i >= 0 && finished > FINISHED_KEPT; i--) {
      if (items.get(i).isOver() && items.get(i).snapshot().state() != JobState.FAILED) {
        items.remove(i);
        finished--;
      }
    }
    List<JobItem> ordered = items.stream().sorted(ORDER).toList();
    if (!ordered.equals(items)) {
      items.setAll(ordered);
    }
    busy.set(isBusy());
  }
}
