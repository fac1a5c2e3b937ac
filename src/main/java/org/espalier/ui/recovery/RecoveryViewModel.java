package org.espalier.ui.recovery;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.espalier.recovery.RecoveryPoint;
import org.espalier.recovery.RecoverySetting;
import org.espalier.recovery.RecoverySettings;
import org.espalier.report.chart.RecoveryChart;
import org.espalier.task.EspalierException;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.FilePicker;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Sheets;
import org.espalier.ui.session.Shown;
import org.espalier.ui.session.UnfinishedJobs;
import org.espalier.workbench.Job;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.RecoveryRequest;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.RecoveredFrom;
import org.espalier.workspace.Run;
import org.espalier.workspace.UnfinishedJob;

/** How a run is trained, on what, and how it goes. */
public final class RecoveryViewModel {
  /**
   * A training so far.
   *
   * @param training loss of the steps
   * @param heldOut loss on the held-out examples
   * @param steps in all at most
   * @param growing whether it is going on
   */
  public record Curve(
      List<RecoveryChart.Point> training,
      List<RecoveryChart.Point> heldOut,
      int steps,
      boolean growing) {
    static final Curve NONE = new Curve(List.of(), List.of(), 0, false);

    public Curve {
      training = List.copyOf(training);
      heldOut = List.copyOf(heldOut);
    }
  }

  private final Workbench workbench;
  private final Session session;
  private final UnfinishedJobs unfinished;
  private final JobFollower follower;
  private final Notices notices;
  private final Sheets sheets;
  private final FilePicker picker;
  private final Messages messages;
  private final ReadOnlyObjectWrapper<Run> run = new ReadOnlyObjectWrapper<>();
  private final ObjectProperty<RecoveryRequest.Kind> kind =
      new SimpleObjectProperty<>(RecoveryRequest.Kind.TEXT);
  private final ObjectProperty<Path> file = new SimpleObjectProperty<>();
  private final Map<RecoverySetting, StringProperty> values = new EnumMap<>(RecoverySetting.class);
  private final ReadOnlyStringWrapper fileName = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper state = new ReadOnlyStringWrapper("");
  private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper(false);
  private final ReadOnlyObjectWrapper<Curve> curve = new ReadOnlyObjectWrapper<>(Curve.NONE);
  private final Queue<RecoveryPoint> arrived = new ConcurrentLinkedQueue<>();
  private final List<RecoveryPoint> points = new ArrayList<>();
  private Job<Run> job;

  public RecoveryViewModel(
      Workbench workbench,
      Session session,
      UnfinishedJobs unfinished,
      JobFollower follower,
      Notices notices,
      Sheets sheets,
      FilePicker picker,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.unfinished = unfinished;
    this.follower = follower;
    this.notices = notices;
    this.sheets = sheets;
    this.picker = picker;
    this.messages = messages;
    for (RecoverySetting setting : RecoverySetting.values()) {
      values.put(setting, new SimpleStringProperty(setting.standard()));
    }
    fileName.bind(Bindings.createStringBinding(this::nameOfFile, file, kind, session.checkpoint()));
  }

  /** The run to be trained, or that was; null before the sheet was first opened. */
  public ReadOnlyObjectProperty<Run> run() {
    return run.getReadOnlyProperty();
  }

  public ObjectProperty<RecoveryRequest.Kind> kind() {
    return kind;
  }

  public ReadOnlyStringProperty fileName() {
    return fileName.getReadOnlyProperty();
  }

  /** What is typed for a setting. */
  public StringProperty value(RecoverySetting setting) {
    return values.get(setting);
  }

  /** Where the training stands, in words; empty before it starts. */
  public ReadOnlyStringProperty state() {
    return state.getReadOnlyProperty();
  }

  public ReadOnlyBooleanProperty running() {
    return running.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<Curve> curve() {
    return curve.getReadOnlyProperty();
  }

  /**
   * Opens the sheet on a run. While a training goes on, the sheet stays with that one; for a
   * recovered run it shows how it was trained.
   */
  public void propose(Run chosen) {
    if (!running.get()) {
      run.set(chosen);
      points.clear();
      chosen.recoveredFrom().ifPresentOrElse(this::showFinished, this::showNothing);
    }
    sheets.open().set(Sheets.Sheet.RECOVERY);
  }

  private void showNothing() {
    curve.set(Curve.NONE);
    state.set("");
  }

  private void showFinished(RecoveredFrom from) {
    List<RecoveryChart.Point> training = new ArrayList<>();
    List<RecoveryChart.Point> heldOut = new ArrayList<>();
    for (RecoveredFrom.Look look : from.looks()) {
      if (look.step() > 0) {
        training.add(new RecoveryChart.Point(look.step(), look.loss()));
      }
      heldOut.add(new RecoveryChart.Point(look.step(), Math.log(look.perplexity())));
    }
    int steps = from.looks().get(from.looks().size() - 1).step();
    curve.set(new Curve(training, heldOut, steps, false));
    state.set(
        messages.text(
            "recovery.finished",
            from.runName(),
            from.text(),
            Figures.perplexity(from.looks().get(0).perplexity()),
            Figures.perplexity(from.best().perplexity()),
            from.ending()));
  }

  /** Goes on with a training that was stopped. */
  public void goOn(Run stopped, UnfinishedJob.Training training) {
    propose(stopped);
    if (!running.get()) {
      for (RecoverySetting setting : RecoverySetting.values()) {
        values
            .get(setting)
            .set(training.settings().getOrDefault(setting.label(), setting.standard()));
      }
      Arrays.stream(RecoveryRequest.Kind.values())
          .filter(known -> known.name().equals(training.kind()))
          .findFirst()
          .ifPresent(kind::set);
      file.set(training.file().orElse(null));
      start();
    }
  }

  public void chooseFile() {
    Optional<Path> chosen =
        kind.get() == RecoveryRequest.Kind.INSTRUCTIONS
            ? picker.pickFile(messages.text("recovery.pick"), List.of("json", "jsonl"))
            : picker.pickText(messages.text("recovery.pick"));
    chosen.ifPresent(file::set);
  }

  /** Starts the training, or says which setting is wrong. */
  public void start() {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    if (run.get() == null || running.get() || checkpoint == null) {
      return;
    }
    RecoverySettings settings;
    try {
      Map<RecoverySetting, String> typed = new EnumMap<>(RecoverySetting.class);
      values.forEach((setting, value) -> typed.put(setting, value.get()));
      settings = RecoverySettings.of(typed);
    } catch (EspalierException e) {
      notices.tell(e.getMessage());
      return;
    }
    points.clear();
    arrived.clear();
    curve.set(Curve.NONE);
    state.set(messages.text("recovery.waiting"));
    running.set(true);
    Run pruned = run.get();
    boolean[] finished = {false};
    job =
        workbench.recover(
            pruned,
            checkpoint.device(),
            new RecoveryRequest(
                settings,
                kind.get(),
                Optional.ofNullable(file.get()),
                messages.text("recovery.name", pruned.name()),
                Optional.empty(),
                false),
            arrived::add);
    unfinished.track(
        job,
        new UnfinishedJob.Training(
            job.snapshot().title(),
            session.place(),
            pruned.id(),
            settings.asMap(),
            kind.get().name(),
            Optional.ofNullable(file.get())));
    follower.follow(
        job,
        recovered -> {
          finished[0] = true;
          session.shown().set(Shown.run(recovered));
          run.set(recovered);
          showFinished(recovered.recoveredFrom().orElseThrow());
        },
        () -> {
          running.set(false);
          drain();
          if (!finished[0]) {
            state.set(messages.text("recovery.stopped"));
          }
        });
  }

  /** Stops the training at its next step; it goes on there when it is started again. */
  public void cancel() {
    if (job != null) {
      job.cancel();
    }
  }

  /** Takes in new points; to be called at most ten times a second. */
  public void drain() {
    boolean any = false;
    for (RecoveryPoint point = arrived.poll(); point != null; point = arrived.poll()) {
      points.add(point);
      any = true;
    }
    if (!any || !running.get()) {
      return;
    }
    List<RecoveryChart.Point> training = new ArrayList<>();
    List<RecoveryChart.Point> heldOut = new ArrayList<>();
    for (RecoveryPoint point : points) {
      point.loss().ifPresent(loss -> training.add(new RecoveryChart.Point(point.step(), loss)));
      point
          .perplexity()
          .ifPresent(
              perplexity ->
                  heldOut.add(new RecoveryChart.Point(point.step(), Math.log(perplexity))));
    }
    RecoveryPoint last = points.get(points.size() - 1);
    curve.set(new Curve(training, heldOut, last.steps(), true));
    state.set(
        messages.text(
            "recovery.running",
            last.step(),
            last.steps(),
            Figures.perplexity(Math.exp(heldOut.get(0).loss())),
            Figures.perplexity(
                heldOut.stream()
                    .mapToDouble(RecoveryChart.Point::loss)
                    .map(Math::exp)
                    .min()
                    .orElseThrow())));
  }

  private String nameOfFile() {
    if (file.get() != null) {
      return file.get().getFileName().toString();
    }
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    boolean stories =
        kind.get() == RecoveryRequest.Kind.TEXT && checkpoint != null && checkpoint.sample();
    return messages.text(stories ? "recovery.stories" : "recovery.fileMissing");
  }
}
