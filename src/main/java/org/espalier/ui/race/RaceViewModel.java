package org.espalier.ui.race;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.beans.binding.Bindings;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.espalier.corpus.BosRule;
import org.espalier.evaluation.TextProtocol;
import org.espalier.evaluation.race.RaceResult;
import org.espalier.evaluation.race.RaceStanding;
import org.espalier.report.Figure;
import org.espalier.report.FigureFormat;
import org.espalier.report.chart.ChartFigure;
import org.espalier.report.chart.ChartStyle;
import org.espalier.report.chart.RaceChart;
import org.espalier.ui.charts.FigureTaking;
import org.espalier.ui.platform.FilePicker;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.platform.UiExecutor;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.ReadTexts;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Sheets;
import org.espalier.workbench.EvaluationRequest;
import org.espalier.workbench.Job;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.RaceRequest;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Run;
import org.espalier.workspace.UnfinishedJob;

/** A race of the open checkpoint's runs: who takes part, on which text, and how it goes. */
public final class RaceViewModel {
  /** The newest runs take part unless one chooses otherwise. */
  private static final int PROPOSED = 2;

  /** A model that may take part. */
  public record Choice(RaceRequest.Model model, BooleanProperty wanted) {}

  private final Workbench workbench;
  private final Session session;
  private final JobFollower follower;
  private final UiExecutor executor;
  private final Notices notices;
  private final Sheets sheets;
  private final FilePicker picker;
  private final FigureTaking taking;
  private final Messages messages;
  private final ReadOnlyObjectWrapper<List<Choice>> choices =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ObjectProperty<Path> text = new SimpleObjectProperty<>();
  private final ObjectProperty<TextProtocol> protocol =
      new SimpleObjectProperty<>(TextProtocol.named(TextProtocol.ANY_TEXT));
  private final ObjectProperty<Path> folder = new SimpleObjectProperty<>();
  private final ReadOnlyStringWrapper folderName = new ReadOnlyStringWrapper("");
  private final ObjectProperty<BosRule> bos = new SimpleObjectProperty<>(BosRule.TOKENIZER);
  private final StringProperty window = new SimpleStringProperty("128");
  private final StringProperty maxWindows = new SimpleStringProperty("0");
  private final ReadOnlyStringWrapper textName = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper verdict = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper detail = new ReadOnlyStringWrapper("");
  private final ReadOnlyObjectWrapper<List<RaceStanding>> history =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper();
  private String measured = "";
  private Job<RaceResult> newest;

  public RaceViewModel(
      Workbench workbench,
      Session session,
      JobFollower follower,
      UiExecutor executor,
      Notices notices,
      Sheets sheets,
      FilePicker picker,
      FigureTaking taking,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.follower = follower;
    this.executor = executor;
    this.notices = notices;
    this.sheets = sheets;
    this.picker = picker;
    this.taking = taking;
    this.messages = messages;
    textName.bind(
        Bindings.createStringBinding(
            this::nameOfText, text, protocol, folder, session.checkpoint()));
    folderName.bind(
        folder
            .map(chosen -> chosen.getFileName().toString())
            .orElse(messages.text("tasks.folderMissing")));
    session.checkpoint().addListener((property, before, after) -> forget());
  }

  /** The dense model and the runs cut from it. */
  public ReadOnlyObjectProperty<List<Choice>> choices() {
    return choices.getReadOnlyProperty();
  }

  public ReadOnlyStringProperty textName() {
    return textName.getReadOnlyProperty();
  }

  /** The rules that a text can be read by. */
  public List<TextProtocol> protocols() {
    return TextProtocol.all();
  }

  /** The rules that the text is read by. */
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

  /** Where rules look for their own text. */
  public ReadOnlyStringProperty folderName() {
    return folderName.getReadOnlyProperty();
  }

  public void chooseFolder() {
    picker.pickFolder(messages.text("tasks.pick")).ifPresent(folder::set);
  }

  /** 0 for all. */
  public StringProperty maxWindows() {
    return maxWindows;
  }

  /** The outcome so far, in a sentence. */
  public ReadOnlyStringProperty verdict() {
    return verdict.getReadOnlyProperty();
  }

  /** What is known of every two models, and how it was measured. */
  public ReadOnlyStringProperty detail() {
    return detail.getReadOnlyProperty();
  }

  /** Where the race stood after every window. */
  public ReadOnlyObjectProperty<List<RaceStanding>> history() {
    return history.getReadOnlyProperty();
  }

  public ReadOnlyBooleanProperty running() {
    return running.getReadOnlyProperty();
  }

  /** Opens the sheet; what was chosen before stays chosen. */
  public void propose() {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    if (checkpoint == null) {
      notices.tell(messages.text("notice.nothingOpen"));
      return;
    }
    List<Run> runs = session.runs().stream().filter(session::belongsHere).toList();
    List<Choice> all = new ArrayList<>();
    all.add(choice(new RaceRequest.Model(messages.text("runs.dense"), checkpoint.folder()), false));
    for (int i = 0; i < runs.size(); i++) {
      all.add(choice(RaceRequest.Model.of(runs.get(i)), i >= runs.size() - PROPOSED));
    }
    choices.set(List.copyOf(all));
    sheets.open().set(Sheets.Sheet.RACE);
  }

  private Choice choice(RaceRequest.Model model, boolean proposed) {
    boolean wanted =
        choices.get().stream()
            .filter(known -> known.model().folder().equals(model.folder()))
            .findFirst()
            .map(known -> known.wanted().get())
            .orElse(proposed);
    return new Choice(model, new SimpleBooleanProperty(wanted));
  }

  public void chooseText() {
    picker.pickText(messages.text("race.pick")).ifPresent(text::set);
  }

  private String nameOfText() {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    if (text.get() != null) {
      return text.get().getFileName().toString();
    }
    if (!protocol.get().files().isEmpty()) {
      return ownText()
          .map(file -> file.getFileName().toString())
          .orElse(messages.text("evaluation.textMissing"));
    }
    if (checkpoint != null && !checkpoint.readsText()) {
      return messages.text("evaluation.windowsMissing");
    }
    return messages.text(
        checkpoint == null || checkpoint.sample()
            ? "evaluation.sampleText"
            : "evaluation.storiesText");
  }

  /** Whether there is a text to read unless the person chooses one. */
  private boolean bringsText(OpenedCheckpoint checkpoint) {
    return protocol.get().files().isEmpty() ? checkpoint.readsText() : ownText().isPresent();
  }

  /** The text of the chosen rules, if it lies in the chosen folder. */
  private Optional<Path> ownText() {
    return Optional.ofNullable(folder.get()).flatMap(protocol.get()::find);
  }

  /** Starts the race, or stops the one that runs. */
  public void startOrStop() {
    if (running.get()) {
      newest.cancel();
      return;
    }
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    List<RaceRequest.Model> models =
        choices.get().stream().filter(choice -> choice.wanted().get()).map(Choice::model).toList();
    if (models.size() < 2) {
      verdict.set(messages.text("race.two"));
      return;
    }
    if (text.get() == null && !bringsText(checkpoint)) {
      verdict.set(messages.text("notice.noText", checkpoint.name()));
      return;
    }
    Optional<Integer> tokens =
        window.get().strip().equals(messages.text("evaluation.windowModel"))
            ? Optional.of(EvaluationRequest.MODEL_WINDOW)
            : whole(window, "evaluation.window");
    Optional<Integer> most = tokens.flatMap(known -> whole(maxWindows, "evaluation.maxWindows"));
    most.ifPresent(
        known ->
            start(
                new RaceRequest(
                    models,
                    checkpoint.device(),
                    new EvaluationRequest(
                        Optional.ofNullable(text.get()),
                        Optional.ofNullable(folder.get()),
                        protocol.get().name(),
                        tokens.orElseThrow(),
                        known,
                        bos.get(),
                        0,
                        0,
                        false))));
  }

  /** Goes on with a race that was stopped. */
  public void goOn(UnfinishedJob.Racing stopped) {
    propose();
    text.set(stopped.text().file().orElse(null));
    folder.set(stopped.text().folder().orElse(null));
    protocol.set(TextProtocol.named(stopped.text().protocol()));
    bos.set(stopped.text().bos());
    window.set(
        stopped.text().window() == EvaluationRequest.MODEL_WINDOW
            ? messages.text("evaluation.windowModel")
            : Integer.toString(stopped.text().window()));
    maxWindows.set(Integer.toString(stopped.text().maxWindows()));
    start(
        new RaceRequest(
            stopped.models().stream()
                .map(model -> new RaceRequest.Model(model.name(), model.folder()))
                .toList(),
            session.checkpoint().get().device(),
            ReadTexts.request(stopped.text())));
  }

  private Optional<Integer> whole(StringProperty typed, String key) {
    try {
      int value = Integer.parseInt(typed.get().strip());
      if (value >= 0) {
        return Optional.of(value);
      }
    } catch (NumberFormatException e) {
      // Told below, with the same words as a number out of range.
    }
    verdict.set(messages.text("notice.notWhole", messages.text(key), typed.get(), 0));
    return Optional.empty();
  }

  private void start(RaceRequest request) {
    history.set(List.of());
    detail.set("");
    measured = "";
    verdict.set(messages.text("race.waiting"));
    Incoming incoming = new Incoming();
    Job<RaceResult> job = workbench.race(request, incoming::add);
    newest = job;
    follower
        .unfinished()
        .track(
            job,
            new UnfinishedJob.Racing(
                job.snapshot().title(),
                session.place(),
                request.models().stream()
                    .map(model -> new UnfinishedJob.Racer(model.name(), model.folder()))
                    .toList(),
                ReadTexts.saved(request.text())));
    running.set(true);
    follower.follow(
        job,
        result -> finish(job, result, incoming),
        failure -> notices.sentence(failure).ifPresent(verdict::set),
        () -> {
          if (newest == job) {
            running.set(false);
          }
        });
  }

  private void finish(Job<RaceResult> job, RaceResult result, Incoming incoming) {
    if (newest == job) {
      incoming.drain();
      RaceStanding end = result.standing();
      List<String> lines = new ArrayList<>(end.lines());
      measured = result.protocol().description();
      lines.add(measured);
      lines.addAll(result.warnings());
      detail.set(String.join("\n", lines));
      verdict.set(end.verdict());
    }
  }

  /** The race as it stands, with its verdict and protocol in words. */
  public ChartFigure figure(ChartStyle style, int width, int height) {
    String note =
        Stream.of(verdict.get(), measured)
            .filter(words -> !words.isEmpty())
            .collect(Collectors.joining(" · "));
    return RaceChart.of(history.get(), note, style, width, height);
  }

  /** The figure, or a sentence that there is none yet. */
  public Optional<Figure> figureOrNotice(ChartStyle style, int width, int height) {
    return taking.orNotice(begun(style, width, height));
  }

  /** Asks where and writes the figure there. */
  public void save(FigureFormat format, ChartStyle style, int width, int height) {
    taking.save(begun(style, width, height), format);
  }

  private Optional<Figure> begun(ChartStyle style, int width, int height) {
    return history.get().isEmpty() ? Optional.empty() : Optional.of(figure(style, width, height));
  }

  private void forget() {
    if (newest != null) {
      newest.cancel();
      newest = null;
    }
    running.set(false);
    choices.set(List.of());
    history.set(List.of());
    verdict.set("");
    detail.set("");
  }

  /** Standings on their way to the UI thread: windows of small models come faster than it draws. */
  private final class Incoming {
    private final Queue<RaceStanding> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean asked = new AtomicBoolean();

    /** Called on the job's thread. */
    void add(RaceStanding standing) {
      waiting.add(standing);
      if (!asked.getAndSet(true)) {
        executor.onUi(this::drain);
      }
    }

    void drain() {
      asked.set(false);
      List<RaceStanding> all = new ArrayList<>(history.get());
      for (RaceStanding next = waiting.poll(); next != null; next = waiting.poll()) {
        all.add(next);
      }
      if (all.size() > history.get().size()) {
        RaceStanding last = all.get(all.size() - 1);
        verdict.set(last.verdict());
        detail.set(String.join("\n", last.lines()));
        history.set(List.copyOf(all));
      }
    }
  }
}
