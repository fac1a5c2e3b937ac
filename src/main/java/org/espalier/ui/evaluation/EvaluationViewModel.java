package org.espalier.ui.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import org.espalier.corpus.BosRule;
import org.espalier.evaluation.PerplexityPoint;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.SpeedResult;
import org.espalier.evaluation.TextProtocol;
import org.espalier.ui.charts.Measurements;
import org.espalier.ui.charts.ProtocolWords;
import org.espalier.ui.platform.FilePicker;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.ReadTexts;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Sheets;
import org.espalier.ui.session.Shown;
import org.espalier.workbench.EvaluationRequest;
import org.espalier.workbench.Job;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.SpeedRequest;
import org.espalier.workbench.TaskRequest;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Orders;
import org.espalier.workspace.Run;
import org.espalier.workspace.UnfinishedJob;

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

  /** About as much text as an analysis reads, so that a first look takes no longer than that. */
  private static final int FIRST_LOOK_WINDOWS = 40;

  /** What a dense evaluation answered, so that it is not repeated. */
  private record DenseKey(long checkpoint, EvaluationRequest request) {}

  private final Workbench workbench;
  private final Session session;
  private final Measurements measurements;
  private final JobFollower follower;
  private final Notices notices;
  private final Sheets sheets;
  private final FilePicker picker;
  private final TasksViewModel tasks;
  private final Messages messages;
  private final ObservableList<Subject> subjects = FXCollections.observableArrayList();
  private final ObjectProperty<Subject> subject = new SimpleObjectProperty<>();
  private final ObjectProperty<Path> text = new SimpleObjectProperty<>();
  private final ObjectProperty<TextProtocol> protocol =
      new SimpleObjectProperty<>(TextProtocol.named(TextProtocol.ANY_TEXT));
  private final ObjectProperty<BosRule> bos = new SimpleObjectProperty<>(BosRule.TOKENIZER);
  private final StringProperty window = new SimpleStringProperty("128");
  private final StringProperty maxWindows = new SimpleStringProperty("0");
  private final StringProperty goodEnough = new SimpleStringProperty("0");
  private final BooleanProperty again = new SimpleBooleanProperty(false);
  private final BooleanProperty perplexity = new SimpleBooleanProperty(true);
  private final BooleanProperty speed = new SimpleBooleanProperty(true);
  private final StringProperty batch = usual(SpeedRequest.DEFAULT.batch());
  private final StringProperty promptTokens = usual(SpeedRequest.DEFAULT.promptTokens());
  private final StringProperty newTokens = usual(SpeedRequest.DEFAULT.newTokens());
  private final ReadOnlyStringWrapper textName = new ReadOnlyStringWrapper("");
  private final List<PerplexityResult> denseResults = new ArrayList<>();
  private Optional<SpeedResult> denseSpeed = Optional.empty();
  private Orders denseOrders = Orders.NONE;
  private final Map<String, EvaluationRequest> asked = new HashMap<>();
  private DenseKey denseKnown;

  public EvaluationViewModel(
      Workbench workbench,
      Session session,
      Measurements measurements,
      JobFollower follower,
      Notices notices,
      Sheets sheets,
      FilePicker picker,
      TasksViewModel tasks,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.measurements = measurements;
    this.follower = follower;
    this.notices = notices;
    this.sheets = sheets;
    this.picker = picker;
    this.tasks = tasks;
    this.messages = messages;
    textName.bind(
        Bindings.createStringBinding(
            this::nameOfText, text, session.checkpoint(), protocol, tasks.folderName()));
    session
        .checkpoint()
        .addListener(
            (property, before, after) -> {
              denseResults.clear();
              denseSpeed = Optional.empty();
              denseOrders = Orders.NONE;
            });
  }

  private static StringProperty usual(int count) {
    return new SimpleStringProperty(Integer.toString(count));
  }

  /** What can be measured beside the open checkpoint: it and the runs cut from it. */
  public ObservableList<Subject> subjects() {
    return subjects;
  }

  public ObjectProperty<Subject> subject() {
    return subject;
  }

  /** The protocols for perplexity, with their names for people. */
  public List<TextProtocol> protocols() {
    return TextProtocol.all();
  }

  public ObjectProperty<TextProtocol> protocol() {
    return protocol;
  }

  /** A number, 0 for the usual, or the word for as many as the model was made for. */
  public StringProperty window() {
    return window;
  }

  /** Whether a BOS stands in front of the text. */
  public ObjectProperty<BosRule> bos() {
    return bos;
  }

  /** Width of the confidence band in percent at which to stop; 0 for never. */
  public StringProperty goodEnough() {
    return goodEnough;
  }

  /** Whether known results are measured again. */
  public BooleanProperty again() {
    return again;
  }

  /** True if anything is ticked. */
  public boolean anything() {
    return perplexity.get() || speed.get() || tasks.any();
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

  /** Texts at once while speed is measured. */
  public StringProperty batch() {
    return batch;
  }

  /** Tokens read for each text while speed is measured. */
  public StringProperty promptTokens() {
    return promptTokens;
  }

  /** Tokens written for each text while speed is measured. */
  public StringProperty newTokens() {
    return newTokens;
  }

  /** Perplexities of the dense model in this session, newest last. */
  List<PerplexityResult> denseResults() {
    return List.copyOf(denseResults);
  }

  /** Speed of the dense model in this session. */
  Optional<SpeedResult> denseSpeed() {
    return denseSpeed;
  }

  /** How the dense model's numbers of this session were asked for. */
  Orders denseOrders() {
    return new Orders(denseOrders.perplexities(), tasks.denseOrders(), denseOrders.speeds());
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
    Optional<Integer> items = whole("tasks.limit", tasks.limit().get(), 0);
    if (items.isEmpty()) {
      return;
    }
    Optional<EvaluationRequest> request = Optional.empty();
    if (perplexity.get()) {
      if (!hasText(checkpoint)) {
        notices.refuse(this, messages.text("notice.noText", checkpoint.name()));
        return;
      }
      request = request();
      if (request.isEmpty()) {
        return;
      }
    }
    Optional<SpeedRequest> lengths = Optional.empty();
    if (speed.get()) {
      lengths = speedRequest();
      if (lengths.isEmpty()) {
        return;
      }
    }
    request.ifPresent(wanted -> measurePerplexity(checkpoint, run, wanted));
    tasks.start(checkpoint, run, items.get(), again.get());
    lengths.ifPresent(wanted -> measureSpeed(checkpoint, run, wanted));
    notices.granted(this);
    sheets.close();
  }

  /** Measures a number of a model once more, as it was asked for. */
  void again(OpenedCheckpoint checkpoint, Optional<Run> run, Orders.Order order, String device) {
    run.ifPresent(chosen -> session.shown().set(Shown.run(chosen)));
    if (order instanceof Orders.PerplexityOrder perplexityOrder) {
      EvaluationRequest request = EvaluationRequest.of(perplexityOrder);
      String description = new ProtocolWords(messages).of(perplexityOrder.protocol());
      run.ifPresentOrElse(
          chosen -> measureRun(chosen, device, request, description),
          () -> measureDense(checkpoint, request, description));
    } else if (order instanceof Orders.TaskOrder task) {
      tasks.again(checkpoint, run, TaskRequest.of(task), device);
    } else if (order instanceof Orders.SpeedOrder speedOrder) {
      measureSpeed(checkpoint, run, SpeedRequest.of(speedOrder));
    }
  }

  /** In turns with the dense model, or of this alone. */
  private void measureSpeed(OpenedCheckpoint checkpoint, Optional<Run> run, SpeedRequest request) {
    run.ifPresentOrElse(
        chosen ->
            follower.follow(
                workbench.measureSpeed(checkpoint, chosen, request),
                comparison -> tellDenseSpeed(comparison.dense(), request)),
        () ->
            follower.follow(
                workbench.measureSpeed(checkpoint, request),
                measured -> tellDenseSpeed(measured, request)));
  }

  private void tellDenseSpeed(SpeedResult measured, SpeedRequest request) {
    denseSpeed = Optional.of(measured);
    denseOrders = denseOrders.with(request.order());
    measurements.denseSpeed(measured);
  }

  private Optional<SpeedRequest> speedRequest() {
    SpeedRequest usual = SpeedRequest.DEFAULT;
    return whole("evaluation.batch", batch.get(), 1)
        .flatMap(
            texts ->
                whole("evaluation.promptTokens", promptTokens.get(), 1)
                    .flatMap(
                        read ->
                            whole("evaluation.newTokens", newTokens.get(), 1)
                                .map(
                                    written ->
                                        new SpeedRequest(
                                            texts,
                                            read,
                                            written,
                                            usual.warmUps(),
                                            usual.rounds()))));
  }

  /** Measures the perplexity of a new run on a few windows, without being asked for each. */
  public void lookAt(Run run) {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    if (checkpoint != null && session.belongsHere(run) && hasText(checkpoint)) {
      firstLook().ifPresent(request -> measurePerplexity(checkpoint, Optional.of(run), request));
    }
  }

  /** Measures a run on the windows on which another one was, so that both compare. */
  public void measureLike(Run known, Run other) {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    if (checkpoint == null || !session.belongsHere(other) || !hasText(checkpoint)) {
      return;
    }
    EvaluationRequest before = asked.get(known.id());
    if (before == null) {
      lookAt(known);
      lookAt(other);
    } else {
      measurePerplexity(checkpoint, Optional.of(other), before);
    }
  }

  private boolean hasText(OpenedCheckpoint checkpoint) {
    return text.get() != null || !protocol.get().files().isEmpty() || checkpoint.readsText();
  }

  private Optional<EvaluationRequest> firstLook() {
    return request()
        .map(
            whole ->
                whole.maxWindows() > 0 && whole.maxWindows() < FIRST_LOOK_WINDOWS
                    ? whole
                    : whole.atMost(FIRST_LOOK_WINDOWS));
  }

  private Optional<EvaluationRequest> request() {
    boolean wholeModel = window.get().strip().equals(messages.text("evaluation.windowModel"));
    Optional<Integer> windowTyped =
        wholeModel
            ? Optional.of(EvaluationRequest.MODEL_WINDOW)
            : whole("evaluation.window", window.get(), 0);
    Optional<Integer> mostTyped =
        windowTyped.flatMap(known -> whole("evaluation.maxWindows", maxWindows.get(), 0));
    return mostTyped
        .flatMap(known -> whole("evaluation.goodEnough", goodEnough.get(), 0))
        .map(
            percent ->
                new EvaluationRequest(
                    Optional.ofNullable(text.get()),
                    tasks.folder(),
                    protocol.get().name(),
                    windowTyped.orElseThrow(),
                    mostTyped.orElseThrow(),
                    bos.get(),
                    percent / 100.0,
                    0,
                    again.get()));
  }

  private void measurePerplexity(
      OpenedCheckpoint checkpoint, Optional<Run> run, EvaluationRequest request) {
    String description =
        messages.text("protocol.running", textName.get(), window.get(), checkpoint.device());
    DenseKey key = new DenseKey(checkpoint.id(), request);
    if (run.isEmpty() || !key.equals(denseKnown)) {
      denseKnown = key;
      measureDense(checkpoint, request, description);
    }
    run.ifPresent(chosen -> measureRun(chosen, checkpoint.device(), request, description));
  }

  private void measureDense(
      OpenedCheckpoint checkpoint, EvaluationRequest request, String description) {
    Consumer<PerplexityPoint> sink = measurements.begin(Measurements.DENSE, description);
    Job<PerplexityResult> job = workbench.evaluate(checkpoint, request, sink);
    track(job, "", request);
    followEvaluation(job, Measurements.DENSE, request);
  }

  private void measureRun(Run run, String device, EvaluationRequest request, String description) {
    asked.put(run.id(), request);
    Consumer<PerplexityPoint> sink = measurements.begin(run.id(), description);
    Job<PerplexityResult> job = workbench.evaluate(run, device, request, sink);
    track(job, run.id(), request);
    followEvaluation(job, run.id(), request);
  }

  private void track(Job<PerplexityResult> job, String run, EvaluationRequest request) {
    follower
        .unfinished()
        .track(
            job,
            new UnfinishedJob.Evaluating(
                job.snapshot().title(), session.place(), run, ReadTexts.saved(request)));
  }

  /** Goes on with a measurement of perplexity that was stopped. */
  public void goOn(UnfinishedJob.Evaluating stopped, Optional<Run> run) {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    EvaluationRequest request = ReadTexts.request(stopped.text());
    String description =
        messages.text(
            "protocol.running",
            request.file().map(Path::getFileName).map(Path::toString).orElse(textName.get()),
            request.window(),
            checkpoint.device());
    run.ifPresentOrElse(
        known -> measureRun(known, checkpoint.device(), request, description),
        () -> measureDense(checkpoint, request, description));
  }

  private void followEvaluation(
      Job<PerplexityResult> job, String model, EvaluationRequest request) {
    boolean[] finished = {false};
    follower.follow(
        job,
        result -> {
          finished[0] = true;
          if (model.equals(Measurements.DENSE)) {
            denseResults.removeIf(known -> known.protocol().equals(result.protocol()));
            denseResults.add(result);
            denseOrders = denseOrders.with(request.order(result.protocol()));
          }
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
    notices.refuse(this, messages.text("notice.notWhole", messages.text(key), typed, least));
    return Optional.empty();
  }

  private String nameOfText() {
    if (text.get() != null) {
      return text.get().getFileName().toString();
    }
    if (!protocol.get().files().isEmpty()) {
      return tasks
          .folder()
          .flatMap(protocol.get()::find)
          .map(file -> file.getFileName().toString())
          .orElse(messages.text("evaluation.textMissing"));
    }
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    return messages.text(
        checkpoint == null || checkpoint.sample()
            ? "evaluation.sampleText"
            : checkpoint.readsText() ? "evaluation.storiesText" : "evaluation.windowsMissing");
  }
}
