package org.espalier.ui.hub;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.espalier.hub.HubListing;
import org.espalier.hub.HubModel;
import org.espalier.task.EspalierException;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.CheckpointOpening;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Sheets;
import org.espalier.workbench.Job;
import org.espalier.workbench.JobSnapshot;
import org.espalier.workbench.Subscription;
import org.espalier.workbench.Workbench;

/** Opening a model of the hub: what it consists of, the download, and then the model itself. */
public final class HubViewModel {
  /** What the sheet waits for. */
  public enum Step {
    /** A model's name. */
    NAME,
    /** The hub's answer. */
    LISTING,
    /** The user's word to download. */
    LISTED,
    /** The end of the download. */
    DOWNLOADING,
    /** The user's word to open what is here. */
    HERE
  }

  /** One line of the list. */
  public record FileLine(String name, String size) {}

  private final Workbench workbench;
  private final CheckpointOpening opening;
  private final JobFollower follower;
  private final Notices notices;
  private final Sheets sheets;
  private final Messages messages;
  private final UiProgress progress;
  private final StringProperty model = new SimpleStringProperty("");
  private final ReadOnlyObjectWrapper<Step> step = new ReadOnlyObjectWrapper<>(Step.NAME);
  private final ReadOnlyObjectWrapper<List<FileLine>> files =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyStringWrapper state = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper failure = new ReadOnlyStringWrapper("");
  private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
  private Job<?> newest;
  private HubListing listing;
  private Path folder;

  /** Brings a job's state to the UI thread. */
  @FunctionalInterface
  public interface UiProgress {
    void onUi(Runnable work);
  }

  public HubViewModel(
      Workbench workbench,
      CheckpointOpening opening,
      JobFollower follower,
      Notices notices,
      Sheets sheets,
      Messages messages,
      UiProgress progress) {
    this.workbench = workbench;
    this.opening = opening;
    this.follower = follower;
    this.notices = notices;
    this.sheets = sheets;
    this.messages = messages;
    this.progress = progress;
    model.addListener((property, before, after) -> forget());
    busy.bind(step.map(now -> now == Step.LISTING || now == Step.DOWNLOADING));
  }

  /** As the user types it: ORG/NAME or ORG/NAME@REVISION. */
  public StringProperty model() {
    return model;
  }

  public ReadOnlyObjectProperty<Step> step() {
    return step.getReadOnlyProperty();
  }

  /** What would be downloaded. */
  public ReadOnlyObjectProperty<List<FileLine>> files() {
    return files.getReadOnlyProperty();
  }

  /** Where things stand, in words. */
  public ReadOnlyStringProperty state() {
    return state.getReadOnlyProperty();
  }

  /** Why it did not go; empty if it did. */
  public ReadOnlyStringProperty failure() {
    return failure.getReadOnlyProperty();
  }

  public ReadOnlyBooleanProperty busy() {
    return busy.getReadOnlyProperty();
  }

  /** Opens the sheet. */
  public void propose() {
    sheets.open().set(Sheets.Sheet.HUB);
  }

  /** Goes on to the next step. */
  public void next() {
    switch (step.get()) {
      case NAME -> look();
      case LISTED -> download();
      case HERE -> open();
      case LISTING, DOWNLOADING -> {}
    }
  }

  /** Stops what runs; without anything running, closes the sheet. */
  public void cancel() {
    if (busy.get()) {
      newest.cancel();
    } else {
      sheets.close();
    }
  }

  private void look() {
    forget();
    HubModel wanted;
    try {
      wanted = HubModel.parse(model.get());
    } catch (EspalierException e) {
      failure.set(e.getMessage());
      return;
    }
    follower.ask(
        () -> workbench.findModel(wanted),
        found -> found.ifPresentOrElse(this::here, () -> list(wanted)));
  }

  private void here(Path found) {
    folder = found;
    state.set(messages.text("hub.here", found.toString()));
    step.set(Step.HERE);
  }

  private void list(HubModel wanted) {
    step.set(Step.LISTING);
    state.set(messages.text("hub.asking"));
    follow(workbench.listModel(wanted), this::listed);
  }

  private void listed(HubListing answer) {
    listing = answer;
    files.set(
        answer.files().stream()
            .map(file -> new FileLine(file.name(), Figures.bytes(file.bytes())))
            .toList());
    state.set(
        messages.text(
            "hub.size",
            answer.files().size(),
            Figures.bytes(answer.bytes()),
            Figures.bytes(answer.missingBytes())));
    step.set(Step.LISTED);
  }

  private void download() {
    step.set(Step.DOWNLOADING);
    Job<Path> job = workbench.fetchModel(listing);
    Subscription watching = job.onChange(now -> progress.onUi(() -> show(job, now)));
    follow(
        job,
        there -> {
          watching.close();
          here(there);
          open();
        });
  }

  private void show(Job<?> job, JobSnapshot now) {
    if (job == newest && step.get() == Step.DOWNLOADING && now.total() > 0) {
      state.set(
          messages.text("hub.downloading", Figures.bytes(now.done()), Figures.bytes(now.total())));
    }
  }

  private <T> void follow(Job<T> job, java.util.function.Consumer<T> onDone) {
    newest = job;
    follower.follow(
        job,
        result -> {
          if (job == newest) {
            onDone.accept(result);
          }
        },
        thrown -> {
          if (job == newest) {
            failed(thrown);
          }
        },
        () -> {});
  }

  private void failed(Throwable thrown) {
    step.set(listing == null ? Step.NAME : Step.LISTED);
    state.set(listing == null ? "" : messages.text("hub.kept"));
    Optional<String> sentence = notices.sentence(thrown);
    if (sheets.open().get() == Sheets.Sheet.HUB) {
      sentence.ifPresent(failure::set);
    } else {
      notices.tell(thrown);
    }
  }

  private void open() {
    opening.open(Optional.of(folder));
    if (sheets.open().get() == Sheets.Sheet.HUB) {
      sheets.close();
    }
    forget();
  }

  private void forget() {
    newest = null;
    listing = null;
    folder = null;
    files.set(List.of());
    state.set("");
    failure.set("");
    step.set(Step.NAME);
  }
}
