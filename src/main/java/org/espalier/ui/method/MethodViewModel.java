package org.espalier.ui.method;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;
import org.espalier.pruning.MethodDescription;
import org.espalier.pruning.MethodParameter;
import org.espalier.ui.platform.FilePicker;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Shown;
import org.espalier.workbench.Analysis;
import org.espalier.workbench.AnalysisRequest;
import org.espalier.workbench.CalibrationRequest;
import org.espalier.workbench.Destination;
import org.espalier.workbench.Job;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.PruneRequest;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Run;
import org.espalier.workspace.SavedDraft;
import org.espalier.workspace.SavedSession;
import org.espalier.workspace.UnfinishedJob;

/** Which method analyses, with which parameters and on which calibration text. */
public final class MethodViewModel {
  private final Workbench workbench;
  private final Session session;
  private final JobFollower follower;
  private final Notices notices;
  private final FilePicker picker;
  private final Messages messages;
  private final List<MethodDescription> methods;
  private final ObjectProperty<MethodDescription> method = new SimpleObjectProperty<>();
  private final Map<String, Map<String, StringProperty>> values = new HashMap<>();
  private final ObjectProperty<Path> calibrationFile = new SimpleObjectProperty<>();
  private final StringProperty samples = new SimpleStringProperty("64");
  private final StringProperty window = new SimpleStringProperty("128");
  private final StringProperty seed = new SimpleStringProperty("0");
  private final ReadOnlyStringWrapper calibration = new ReadOnlyStringWrapper("");
  private final BooleanBinding canForgetCalibration;
  private final ReadOnlyStringWrapper standInNote = new ReadOnlyStringWrapper("");
  private final StringProperty runCalibration = new SimpleStringProperty("");
  private final ReadOnlyStringWrapper measured = new ReadOnlyStringWrapper("");
  private final ReadOnlyBooleanWrapper analysing = new ReadOnlyBooleanWrapper();
  private Job<Analysis> newest;
  private Optional<AnalysisRequest> pending = Optional.empty();

  public MethodViewModel(
      Workbench workbench,
      Session session,
      JobFollower follower,
      Notices notices,
      FilePicker picker,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.follower = follower;
    this.notices = notices;
    this.picker = picker;
    this.messages = messages;
    this.methods = List.copyOf(workbench.methods());
    for (MethodDescription description : methods) {
      Map<String, StringProperty> ofMethod = new LinkedHashMap<>();
      for (MethodParameter parameter : description.parameters()) {
        ofMethod.put(parameter.name(), new SimpleStringProperty(parameter.defaultValue()));
      }
      values.put(description.name(), ofMethod);
    }
    if (!methods.isEmpty()) {
      method.set(methods.get(0));
    }
    calibration.bind(
        Bindings.createStringBinding(
            this::calibrationName, calibrationFile, session.checkpoint(), method));
    standInNote.bind(
        Bindings.createStringBinding(this::standIn, calibrationFile, session.checkpoint(), method));
    canForgetCalibration =
        Bindings.createBooleanBinding(
            () ->
                calibrationFile.get() != null
                    && session.checkpoint().get() != null
                    && session.checkpoint().get().readsText(),
            calibrationFile,
            session.checkpoint());
    measured.bind(
        Bindings.createStringBinding(
            this::protocol, session.analysis(), session.shown(), runCalibration));
    session.shown().addListener((property, before, after) -> askForRun());
    session
        .checkpoint()
        .addListener(
            (property, before, after) -> {
              if (newest != null) {
                newest.cancel();
              }
            });
  }

  /** With what the shown scores, or the shown run, were made. */
  private String protocol() {
    Optional<Run> run = session.shownRun();
    if (run.isPresent()) {
      Map<String, String> parameters = new TreeMap<>(run.get().parameters());
      // What stands as the method proposes says little; files and reports list it.
      methods.stream()
          .filter(known -> known.name().equals(run.get().method()))
          .flatMap(known -> known.parameters().stream())
          .forEach(known -> parameters.remove(known.name(), known.defaultValue()));
      String settings =
          parameters.isEmpty()
              ? run.get().method()
              : messages.text(
                  "method.settings",
                  run.get().method(),
                  String.join(
                      ", ",
                      parameters.entrySet().stream()
                          .map(entry -> entry.getKey() + " " + entry.getValue())
                          .toList()));
      return runCalibration.get().isEmpty()
          ? messages.text("method.runWithout", settings)
          : messages.text("method.run", settings, runCalibration.get());
    }
    Analysis analysis = session.analysis().get();
    if (analysis == null) {
      return "";
    }
    return analysis.calibration().isEmpty()
        ? messages.text("method.measuredWithout", analysis.method().title())
        : messages.text("method.measured", analysis.method().title(), analysis.calibration());
  }

  /** The run's plan is on disk: its protocol follows a moment later. */
  private void askForRun() {
    runCalibration.set("");
    session
        .shownRun()
        .ifPresent(
            run ->
                follower.ask(
                    () -> workbench.calibration(run),
                    text -> {
                      if (session.shownRun().map(Run::id).filter(run.id()::equals).isPresent()) {
                        runCalibration.set(text);
                      }
                    }));
  }

  public List<MethodDescription> methods() {
    return methods;
  }

  public ObjectProperty<MethodDescription> method() {
    return method;
  }

  /** Value of a parameter of the chosen method. */
  public StringProperty value(MethodParameter parameter) {
    return values.get(method.get().name()).get(parameter.name());
  }

  /** What is wrong with the value of a parameter of the chosen method; empty if nothing is. */
  public String objection(MethodParameter parameter) {
    return workbench
        .objection(method.get().name(), Map.of(parameter.name(), value(parameter).get().strip()))
        .orElse("");
  }

  public StringProperty samples() {
    return samples;
  }

  public StringProperty window() {
    return window;
  }

  public StringProperty seed() {
    return seed;
  }

  /** Name of the calibration text, or what is missing. */
  public ReadOnlyStringProperty calibration() {
    return calibration.getReadOnlyProperty();
  }

  /** What to know about a text that stands in because none was chosen; else empty. */
  public ReadOnlyStringProperty standInNote() {
    return standInNote.getReadOnlyProperty();
  }

  /** What the shown scores or the shown run were made with; empty before the first analysis. */
  public ReadOnlyStringProperty measured() {
    return measured.getReadOnlyProperty();
  }

  public ReadOnlyBooleanProperty analysing() {
    return analysing.getReadOnlyProperty();
  }

  public boolean needsCalibration() {
    return method.get() != null && method.get().needsCalibration();
  }

  public void chooseCalibration() {
    picker.pickText(messages.text("method.pickCalibration")).ifPresent(calibrationFile::set);
  }

  /** True while a text is chosen where the one that comes with the program would do. */
  public BooleanBinding canForgetCalibration() {
    return canForgetCalibration;
  }

  /** Goes back to the text that comes with the program. */
  public void forgetCalibration() {
    calibrationFile.set(null);
  }

  /** Starts the analysis, or says what is missing for it. */
  public void analyse() {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    MethodDescription chosen = method.get();
    if (checkpoint == null || chosen == null) {
      notices.tell(messages.text("notice.nothingOpen"));
      return;
    }
    if (chosen.needsCalibration() && calibrationFile.get() == null && !checkpoint.readsText()) {
      notices.refuse(
          this, messages.text("notice.noCalibration", chosen.title(), checkpoint.name()));
      return;
    }
    Optional<CalibrationRequest> request = calibrationRequest();
    if (request.isEmpty()) {
      return;
    }
    analyse(
        checkpoint,
        new AnalysisRequest(chosen.name(), changed(chosen), request.get())
            .runningOn(session.destination().get()));
  }

  /** Goes on with an analysis that was stopped. */
  public void goOn(UnfinishedJob.Analysing stopped) {
    analyse(session.checkpoint().get(), request(stopped.analysed()));
  }

  private void analyse(OpenedCheckpoint checkpoint, AnalysisRequest asked) {
    Job<Analysis> job = workbench.analyse(checkpoint, asked);
    follower
        .unfinished()
        .track(
            job,
            new UnfinishedJob.Analysing(job.snapshot().title(), session.place(), saved(asked)));
    start(job, session::analysed);
  }

  /** Chooses the method and the parameters of a run, and analyses with them unless that stands. */
  public void takeSettings(Run run) {
    Optional<MethodDescription> known =
        methods.stream().filter(one -> one.name().equals(run.method())).findFirst();
    if (known.isEmpty()) {
      return;
    }
    method.set(known.get());
    for (MethodParameter parameter : known.get().parameters()) {
      value(parameter)
          .set(run.parameters().getOrDefault(parameter.name(), parameter.defaultValue()));
    }
    Analysis present = session.analysis().get();
    if (present == null
        || !present.request().method().equals(run.method())
        || !present.request().parameters().equals(changed(known.get()))) {
      analyse();
    }
  }

  /** Analyses with what an earlier window had analysed with; what is shown stays in view. */
  public void analyseAgain(SavedSession.Analysed with) {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    AnalysisRequest request = request(with);
    pending = Optional.of(request);
    start(
        workbench.analyse(checkpoint, request),
        finished -> {
          Shown view = session.shown().get();
          session.analysed(finished);
          session.shown().set(view);
        });
  }

  private void start(Job<Analysis> job, Consumer<Analysis> onDone) {
    newest = job;
    notices.granted(this);
    analysing.set(true);
    follower.follow(
        job,
        onDone,
        () -> {
          if (job == newest) {
            analysing.set(false);
            pending = Optional.empty();
          }
        });
  }

  /** With what the present analysis was made, or the one that is being made again. */
  public Optional<SavedSession.Analysed> analysed() {
    return Optional.ofNullable(session.analysis().get())
        .map(Analysis::request)
        .or(() -> pending)
        .map(MethodViewModel::saved);
  }

  /** The request that files hold. */
  public static AnalysisRequest request(SavedSession.Analysed saved) {
    return new AnalysisRequest(
        saved.method(),
        saved.parameters(),
        new CalibrationRequest(saved.calibration(), saved.samples(), saved.window(), saved.seed()),
        saved.allocator(),
        new Destination(saved.target(), saved.channelMultiple()));
  }

  /** A pruning on its way as files hold it. */
  public static UnfinishedJob.Pruning unfinished(
      Job<Run> job, Optional<Path> place, Analysis analysis, PruneRequest request) {
    return new UnfinishedJob.Pruning(
        job.snapshot().title(),
        place,
        saved(analysis.request()),
        new SavedDraft.State(request.name(), request.target(), request.locks()));
  }

  /** A request as files hold it. */
  public static SavedSession.Analysed saved(AnalysisRequest request) {
    CalibrationRequest text = request.calibration();
    return new SavedSession.Analysed(
        request.method(),
        request.parameters(),
        text.file(),
        text.samples(),
        text.window(),
        text.seed(),
        request.allocator(),
        request.destination().target(),
        request.destination().channelMultiple());
  }

  /** What is chosen and typed. */
  public SavedSession.MethodForm form() {
    Map<String, Map<String, String>> typed = new HashMap<>();
    for (MethodDescription description : methods) {
      Map<String, String> changed = changed(description);
      if (!changed.isEmpty()) {
        typed.put(description.name(), changed);
      }
    }
    return new SavedSession.MethodForm(
        method.get() == null ? "" : method.get().name(),
        typed,
        Optional.ofNullable(calibrationFile.get()),
        samples.get(),
        window.get(),
        seed.get(),
        session.destination().get().target(),
        session.destination().get().channelMultiple());
  }

  /** Fills everything in as it was; methods and parameters that are gone are left out. */
  public void fill(SavedSession.MethodForm form) {
    methods.stream()
        .filter(known -> known.name().equals(form.method()))
        .findFirst()
        .ifPresent(method::set);
    form.parameters()
        .forEach(
            (name, typed) ->
                typed.forEach(
                    (parameter, value) ->
                        Optional.ofNullable(values.getOrDefault(name, Map.of()).get(parameter))
                            .ifPresent(field -> field.set(value))));
    calibrationFile.set(form.calibration().orElse(null));
    samples.set(form.samples());
    window.set(form.window());
    seed.set(form.seed());
    session.destination().set(new Destination(form.target(), form.channelMultiple()));
  }

  /** Calls the listener with every change of {@link #form}. */
  public void onFormChange(Runnable listener) {
    List<ObservableValue<?>> fields =
        new ArrayList<>(
            List.of(method, calibrationFile, samples, window, seed, session.destination()));
    values.values().forEach(ofMethod -> fields.addAll(ofMethod.values()));
    fields.forEach(field -> field.addListener((property, before, after) -> listener.run()));
  }

  private Map<String, String> changed(MethodDescription chosen) {
    Map<String, String> changed = new LinkedHashMap<>();
    for (MethodParameter parameter : chosen.parameters()) {
      String value = values.get(chosen.name()).get(parameter.name()).get().strip();
      if (!value.equals(parameter.defaultValue())) {
        changed.put(parameter.name(), value);
      }
    }
    return changed;
  }

  /** The chosen text and what is typed beside it; empty after saying what is wrong with that. */
  public Optional<CalibrationRequest> calibrationRequest() {
    Optional<Long> samplesTyped = whole("method.samples", samples.get(), 0, 1_000_000);
    Optional<Long> windowTyped = whole("method.window", window.get(), 0, 1_000_000);
    Optional<Long> seedTyped = whole("method.seed", seed.get(), Long.MIN_VALUE, Long.MAX_VALUE);
    if (samplesTyped.isEmpty() || windowTyped.isEmpty() || seedTyped.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new CalibrationRequest(
            Optional.ofNullable(calibrationFile.get()),
            samplesTyped.get().intValue(),
            windowTyped.get().intValue(),
            seedTyped.get()));
  }

  private Optional<Long> whole(String key, String text, long least, long most) {
    try {
      long value = Long.parseLong(text.strip());
      if (value >= least && value <= most) {
        return Optional.of(value);
      }
    } catch (NumberFormatException e) {
      // Told below, with the same words as a number out of range.
    }
    notices.refuse(this, messages.text("notice.notWhole", messages.text(key), text, least));
    return Optional.empty();
  }

  private String calibrationName() {
    if (!needsCalibration()) {
      return messages.text("method.noCalibration");
    }
    if (calibrationFile.get() != null) {
      return calibrationFile.get().getFileName().toString();
    }
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    return messages.text(
        checkpoint == null || checkpoint.sample()
            ? "method.sampleText"
            : checkpoint.readsText() ? "method.storiesText" : "method.windowsMissing");
  }

  private String standIn() {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    boolean stories =
        needsCalibration()
            && calibrationFile.get() == null
            && checkpoint != null
            && !checkpoint.sample();
    return stories && checkpoint.readsText() ? messages.text("method.storiesNote") : "";
  }
}
