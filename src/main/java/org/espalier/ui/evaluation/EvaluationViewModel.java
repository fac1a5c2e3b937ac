package org.espalier.ui.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.binding.Bindings;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.espalier.evaluation.PerplexityPoint;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.ui.charts.Measurements;
import org.espalier.ui.platform.FilePicker;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Sheets;
import org.espalier.ui.session.Shown;
import org.espalier.workbench.EvaluationRequest;
import org.espalier.workbench.Job;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.SpeedRequest;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Run;

/**
 * What to measure, on which text; the dense model is measured along whenever it is not yet known.
 */
public final class EvaluationViewModel {
  /**
   * A model that can be measured.
   *
   * @param run empty for the dense model
   */
  public record Subject(String name, Optional<Run> run) {}

  /** What a dense evaluation answered, so that it is not repeated. */
  private record DenseKey(long checkpoint, EvaluationRequest request) {}

  private final Workbench workbench;
  private final Session session;
  private final Measurements measurements;
  private final JobFollower follower;
  private final Notices notices;
  private final Sheets sheets;
  private final FilePicker picker;
  private final Messages messages;
  private final ObservableList<Subject> subjects = FXCollections.observableArrayList();
  private final ObjectProperty<Subject> subject = new SimpleObjectProperty<>();
  private final ObjectProperty<Path> text = new SimpleObjectProperty<>();
  private final StringProperty window = new SimpleStringProperty("128");
  private final StringProperty maxWindows = new SimpleStringProperty("0");
  private final BooleanProperty perplexity = new SimpleBooleanProperty(true);
  private final BooleanProperty speed = new SimpleBooleanProperty(true);
  private final ReadOnlyStringWrapper textName = new ReadOnlyStringWrapper("");
  private DenseKey denseKnown;

  public EvaluationViewModel(
      Workbench workbench,
      Session session,
      Measurements measurements,
      JobFollower follower,
      Notices notices,
      Sheets sheets,
      FilePicker picker,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.measurements = measurements;
    this.follower = follower;
    this.notices = notices;
    this.sheets = sheets;
    this.picker = picker;
    this.messages = messages;
    textName.bind(Bindings.createStringBinding(this::nameOfText, text, session.checkpoint()));
  }

  /** What can be measured beside the open checkpoint: it and the runs cut from it. */
  public ObservableList<Subject> subjects() {
    return subjects;
  }

  public ObjectProperty<Subject> subject() {
    return subject;
  }

  public StringProperty window() {
    return window;
  }

  /** 0 for all. */
  public StringProperty maxWindows() {
    return maxWindows;
  }

  public BooleanProperty perplexity() {
    return perplexity;
  }

  public BooleanProperty speed() {
    return speed;
  }

  public ReadOnlyStringProperty textName() {
    return textName.getReadOnlyProperty();
  }

  /** Opens the sheet on the shown run, or on the newest one. */
  public void propose() {
    if (session.checkpoint().get() == null) {
      notices.tell(messages.text("notice.nothingOpen"));
      return;
    }
    fillSubjects();
    String shown = session.shownRun().map(Run::id).orElse("");
    subject.set(
        subjects.stream()
            .filter(candidate -> candidate.run().map(Run::id).orElse("").equals(shown))
            .filter(candidate -> !shown.isEmpty())
            .findFirst()
            .orElse(subjects.get(subjects.size() - 1)));
    sheets.open().set(Sheets.Sheet.EVALUATION);
  }

  private void fillSubjects() {
    List<Subject> all = new ArrayList<>();
    all.add(new Subject(messages.text("runs.dense"), Optional.empty()));
    session.runs().stream()
        .filter(session::belongsHere)
        .forEach(run -> all.add(new Subject(run.name(), Optional.of(run))));
    subjects.setAll(all);
  }

  public void chooseText() {
    picker.pickText(messages.text("evaluation.pick")).ifPresent(text::set);
  }

  /** Starts what is ticked and closes the sheet, or says what is missing. */
  public void start() {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    if (checkpoint == null || subject.get() == null) {
      notices.tell(messages.text("notice.nothingOpen"));
      return;
    }
    Optional<Run> run = subject.get().run();
    run.ifPresent(chosen -> session.shown().set(Shown.run(chosen)));
    if (perplexity.get()) {
      if (text.get() == null && !checkpoint.sample()) {
        notices.tell(messages.text("notice.noText", checkpoint.name()));
        return;
      }
      Optional<Integer> windowTyped = whole("evaluation.window", window.get(), 0);
      Optional<Integer> mostTyped = whole("evaluation.maxWindows", maxWindows.get(), 0);
      if (windowTyped.isEmpty() || mostTyped.isEmpty()) {
        return;
      }
      EvaluationRequest request =
          new EvaluationRequest(
              Optional.ofNullable(text.get()), windowTyped.get(), mostTyped.get());
      measurePerplexity(checkpoint, run, request);
    }
    run.filter(chosen -> speed.get())
        .ifPresent(
            chosen ->
                follower.follow(
                    workbench.measureSpeed(checkpoint, chosen, SpeedRequest.DEFAULT),
                    comparison -> measurements.denseSpeed(comparison.dense())));
    sheets.close();
  }

  private void measurePerplexity(
      OpenedCheckpoint checkpoint, Optional<Run> run, EvaluationRequest request) {
    String description =
        messages.text("protocol.running", textName.get(), request.window(), checkpoint.device());
    DenseKey key = new DenseKey(checkpoint.id(), request);
    if (run.isEmpty() || !key.equals(denseKnown)) {
      denseKnown = key;
      Consumer<PerplexityPoint> sink = measurements.begin(Measurements.DENSE, description);
      followEvaluation(workbench.evaluate(checkpoint, request, sink), Measurements.DENSE);
    }
    run.ifPresent(
        chosen -> {
          Consumer<PerplexityPoint> sink = measurements.begin(chosen.id(), description);
          followEvaluation(
              workbench.evaluate(chosen, checkpoint.device(), request, sink), chosen.id());
        });
  }

  private void followEvaluation(Job<PerplexityResult> job, String model) {
    boolean[] finished = {false};
    follower.follow(
        job,
        result -> {
          finished[0] = true;
          measurements.finish(model, result);
        },
        () -> {
          if (!finished[0]) {
            measurements.abandon(model);
            if (model.equals(Measurements.DENSE)) {
              denseKnown = null;
            }
          }
        });
  }

  private Optional<Integer> whole(String key, String typed, int least) {
    try {
      int value = Integer.parseInt(typed.strip());
      if (value >= least) {
        return Optional.of(value);
      }
    } catch (NumberFormatException e) {
      // Told below, with the same words as a number out of range.
    }
    notices.tell(messages.text("notice.notWhole", messages.text(key), typed, least));
    return Optional.empty();
  }

  private String nameOfText() {
    if (text.get() != null) {
      return text.get().getFileName().toString();
    }
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    return messages.text(
        checkpoint == null || checkpoint.sample()
            ? "evaluation.sampleText"
            : "evaluation.textMissing");
  }
}
