package org.espalier.ui.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.espalier.evaluation.tasks.PairedComparison;
import org.espalier.evaluation.tasks.TaskPoint;
import org.espalier.evaluation.tasks.TaskProtocol;
import org.espalier.evaluation.tasks.TaskResult;
import org.espalier.evaluation.tasks.TokenisationProfile;
import org.espalier.report.comparison.EvaluationCommands;
import org.espalier.ui.platform.FilePicker;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Session;
import org.espalier.workbench.Job;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.TaskListing;
import org.espalier.workbench.TaskRequest;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Orders;
import org.espalier.workspace.Run;
import org.espalier.workspace.UnfinishedJob;

/** Which tasks to put to a model, and how it and the dense model answered. */
public final class TasksViewModel {
  /**
   * A task of the chosen folder.
   *
   * @param wanted ticked by the person; stays false for tasks that lack a file
   */
  public record Choice(TaskListing.Entry entry, BooleanProperty wanted) {}

  private static final String DENSE = "";

  private final Workbench workbench;
  private final Session session;
  private final TaskMeasurements measurements;
  private final JobFollower follower;
  private final FilePicker picker;
  private final Messages messages;
  private final ObjectProperty<Path> folder = new SimpleObjectProperty<>();
  private final ReadOnlyStringWrapper folderName = new ReadOnlyStringWrapper();
  private final ReadOnlyObjectWrapper<List<Choice>> choices =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ObjectProperty<TokenisationProfile> profile =
      new SimpleObjectProperty<>(TokenisationProfile.HCUR);
  private final StringProperty limit = new SimpleStringProperty("100");

  public TasksViewModel(
      Workbench workbench,
      Session session,
      TaskMeasurements measurements,
      JobFollower follower,
      FilePicker picker,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.measurements = measurements;
    this.follower = follower;
    this.picker = picker;
    this.messages = messages;
    folderName.set(messages.text("tasks.folderMissing"));
    session.checkpoint().addListener((property, before, after) -> measurements.forgetDense());
  }

  /** Asks for the folder with the data sets and looks what it offers. */
  public void chooseFolder() {
    picker.pickFolder(messages.text("tasks.pick")).ifPresent(this::use);
  }

  private void use(Path chosen) {
    follower.ask(
        () -> workbench.tasks(chosen),
        listing -> {
          folder.set(chosen);
          folderName.set(
              messages.text("tasks.folder", chosen.getFileName(), listing.available().size()));
          choices.set(
              listing.tasks().stream()
                  .map(entry -> new Choice(entry, new SimpleBooleanProperty(false)))
                  .toList());
        });
  }

  /** The chosen folder; texts of text protocols are looked for there too. */
  Optional<Path> folder() {
    return Optional.ofNullable(folder.get());
  }

  public ReadOnlyStringProperty folderName() {
    return folderName.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<List<Choice>> choices() {
    return choices.getReadOnlyProperty();
  }

  public ObjectProperty<TokenisationProfile> profile() {
    return profile;
  }

  /** Items of each task; 0 for all. */
  public StringProperty limit() {
    return limit;
  }

  /** Grows with every change of what is known or runs. */
  ReadOnlyLongProperty revision() {
    return measurements.revision();
  }

  /** True if any task is ticked. */
  boolean any() {
    return choices.get().stream().anyMatch(choice -> choice.wanted().get());
  }

  /** Puts the ticked tasks to the dense model and, where there is one, to the run. */
  void start(OpenedCheckpoint checkpoint, Optional<Run> run, int items, boolean again) {
    for (Choice choice : choices.get()) {
      if (!choice.wanted().get()) {
        continue;
      }
      TaskRequest request =
          new TaskRequest(
              choice.entry().task(), folder.get(), profile.get(), items, Optional.empty(), again);
      follow(
          DENSE, request, workbench.evaluateTask(checkpoint, request, measurements.begin(DENSE)));
      run.ifPresent(
          chosen ->
              follow(
                  chosen.id(),
                  request,
                  workbench.evaluateTask(
                      chosen, checkpoint.device(), request, measurements.begin(chosen.id()))));
    }
  }

  /** Goes on with a task that was stopped. */
  public void goOn(UnfinishedJob.Answering stopped, Optional<Run> run) {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    use(stopped.folder());
    TaskRequest request =
        new TaskRequest(
            stopped.task(),
            stopped.folder(),
            stopped.profile(),
            stopped.limit(),
            Optional.empty(),
            stopped.again());
    again(checkpoint, run, request, checkpoint.device());
  }

  /** Puts a task to a model, as it was asked for before. */
  void again(OpenedCheckpoint checkpoint, Optional<Run> run, TaskRequest request, String device) {
    String model = run.map(Run::id).orElse(DENSE);
    Consumer<TaskPoint> sink = measurements.begin(model);
    follow(
        model,
        request,
        run.map(known -> workbench.evaluateTask(known, device, request, sink))
            .orElseGet(() -> workbench.evaluateTask(checkpoint, request, sink)));
  }

  /** How the dense model's tasks of this session were asked for. */
  List<Orders.TaskOrder> denseOrders() {
    return measurements.denseOrders();
  }

  private void follow(String model, TaskRequest request, Job<TaskResult> job) {
    follower
        .unfinished()
        .track(
            job,
            new UnfinishedJob.Answering(
                job.snapshot().title(),
                session.place(),
                model,
                request.task(),
                request.folder(),
                request.profile(),
                request.limit(),
                request.again()));
    follower.follow(
        job,
        result -> measurements.finish(model, request, result),
        () -> measurements.end(model, request.task()));
  }

  /**
   * What is known of a model, newest last; what runs now comes first. With a way to measure again
   * what is known how to ask for.
   */
  List<MeasuredLine> lines(Optional<Run> run, EvaluationCommands commands) {
    String model = run.map(Run::id).orElse(DENSE);
    List<MeasuredLine> lines = new ArrayList<>();
    measurements.running(model).forEach(point -> lines.add(line(point)));
    for (TaskResult result : known(run)) {
      TaskProtocol protocol = result.protocol();
      lines.add(
          line(model, result)
              .repeatable(
                  commands.orders().task(protocol),
                  protocol.device(),
                  commands.command(protocol),
                  messages.text("measured.orderUnknown")));
    }
    return lines;
  }

  private List<TaskResult> known(Optional<Run> run) {
    List<TaskResult> known = new ArrayList<>(measurements.results(run.map(Run::id).orElse(DENSE)));
    // Runs bring what was measured in earlier sessions.
    Optional<Run> current =
        run.flatMap(
            chosen -> session.runs().stream().filter(r -> r.id().equals(chosen.id())).findFirst());
    current.ifPresent(
        kept ->
            kept.tasks().stream()
                .filter(
                    result -> known.stream().noneMatch(k -> k.protocol().equals(result.protocol())))
                .forEach(known::add));
    return known;
  }

  private MeasuredLine line(TaskPoint point) {
    return new MeasuredLine(
        title(point.task()),
        point.metrics().stream().findFirst().map(TaskWords::metric).orElse(""),
        messages.text("tasks.running", point.done(), point.items()),
        "",
        "");
  }

  private MeasuredLine line(String model, TaskResult result) {
    Optional<TaskResult> dense =
        model.equals(DENSE) || result.items().isEmpty()
            ? Optional.empty()
            : measurements.counterpart(DENSE, result);
    List<String> remarks = new ArrayList<>();
    dense
        .filter(before -> before.headline().isPresent())
        .ifPresent(before -> remarks.add(comparison(PairedComparison.of(before, result))));
    result.warnings().forEach(warning -> remarks.add("⚠ " + warning));
    return new MeasuredLine(
        title(result.protocol().task()),
        result.headline().map(TaskWords::metric).orElse(messages.text("tasks.elsewhere")),
        messages.text(
            "tasks.protocol",
            result.protocol().items(),
            result.protocol().profile(),
            result.protocol().shots()),
        String.join("\n", remarks),
        TaskWords.line(result));
  }

  private String comparison(PairedComparison comparison) {
    return messages.text(
        comparison.real() ? "tasks.real" : "tasks.chance",
        String.format(Locale.ROOT, "%+.1f", 100 * comparison.difference()),
        String.format(Locale.ROOT, "%.2g", comparison.probability()));
  }

  private String title(String task) {
    return choices.get().stream()
        .map(Choice::entry)
        .filter(entry -> entry.task().equals(task))
        .map(TaskListing.Entry::title)
        .findFirst()
        .orElse(task);
  }
}
