package org.espalier.ui.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.espalier.ui.compare.ComparedRuns.Choice;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.platform.StreamedText;
import org.espalier.ui.platform.UiExecutor;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Session;
import org.espalier.workbench.GenerationRequest;
import org.espalier.workbench.Job;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.StoredComparison;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Run;

/** One prompt, continued by the dense model and by every chosen run at once. */
public final class ContinuationsViewModel {
  /**
   * A model's text.
   *
   * @param run empty for the dense model
   * @param stored true if the text came with the program
   */
  public record Column(String title, Optional<Run> run, boolean stored, StreamedText text) {}

  private static final int NEW_TOKENS = 96;

  private final Workbench workbench;
  private final Session session;
  private final ComparedRuns runs;
  private final JobFollower follower;
  private final UiExecutor executor;
  private final Notices notices;
  private final Messages messages;
  private final StringProperty prompt;
  private final ReadOnlyObjectWrapper<List<Column>> columns =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper();
  private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");
  private Job<List<String>> newest;

  public ContinuationsViewModel(
      Workbench workbench,
      Session session,
      ComparedRuns runs,
      JobFollower follower,
      UiExecutor executor,
      Notices notices,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.runs = runs;
    this.follower = follower;
    this.executor = executor;
    this.notices = notices;
    this.messages = messages;
    prompt = new SimpleStringProperty(messages.text("trial.firstPrompt"));
    session.checkpoint().addListener((property, before, after) -> show(List.of()));
  }

  public StringProperty prompt() {
    return prompt;
  }

  public ReadOnlyObjectProperty<List<Column>> columns() {
    return columns.getReadOnlyProperty();
  }

  public ReadOnlyBooleanProperty running() {
    return running.getReadOnlyProperty();
  }

  /** Why it did not work; empty when it did. */
  public ReadOnlyStringProperty problem() {
    return problem.getReadOnlyProperty();
  }

  /** The models to show; texts of those that stay are kept. */
  public void show(List<Choice> chosen) {
    List<Column> wanted = new ArrayList<>();
    if (session.checkpoint().get() != null && !chosen.isEmpty()) {
      wanted.add(kept(Optional.empty(), messages.text("runs.dense"), false));
    }
    for (Choice choice : chosen) {
      wanted.add(kept(Optional.of(choice.run()), choice.run().name(), choice.stored()));
    }
    if (!wanted.equals(columns.get())) {
      stop();
      columns.set(List.copyOf(wanted));
    }
  }

  private Column kept(Optional<Run> run, String title, boolean stored) {
    return columns.get().stream()
        .filter(column -> column.run().map(Run::id).equals(run.map(Run::id)))
        .findFirst()
        .map(column -> new Column(title, run, stored, column.text()))
        .orElseGet(() -> new Column(title, run, stored, new StreamedText(executor)));
  }

  /**
   * Lets all continue the prompt. Stored runs have no weights: what they wrote once is shown where
   * it continues the same prompt.
   */
  public void start() {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    if (checkpoint == null || running.get() || columns.get().isEmpty()) {
      return;
    }
    if (prompt.get().isBlank()) {
      problem.set(messages.text("trial.noPrompt"));
      return;
    }
    problem.set("");
    List<Run> live = new ArrayList<>();
    List<StreamedText.Stream> streams = new ArrayList<>();
    for (Column column : columns.get()) {
      if (column.stored()) {
        column.text().show(stored(column.run().orElseThrow()));
      } else {
        streams.add(column.text().begin());
        column.run().ifPresent(live::add);
      }
    }
    Job<List<String>> job =
        workbench.generate(
            checkpoint,
            live,
            new GenerationRequest(prompt.get(), NEW_TOKENS, 0, 0, 0),
            List.<Consumer<String>>copyOf(streams));
    newest = job;
    running.set(true);
    follower.follow(
        job,
        texts -> {
          for (int i = 0; i < streams.size(); i++) {
            streams.get(i).finish(texts.get(i));
          }
        },
        failure -> notices.sentence(failure).ifPresent(problem::set),
        () -> {
          if (newest == job) {
            running.set(false);
          }
        });
  }

  /** Starts unless something is there already. */
  void startOnce() {
    if (columns.get().stream().allMatch(column -> column.text().text().get().isEmpty())) {
      start();
    }
  }

  private String stored(Run run) {
    Optional<StoredComparison> comparison = runs.stored();
    return comparison
        .filter(known -> known.prompt().equals(prompt.get().strip()))
        .map(known -> known.texts().get(run.id()))
        .orElse(
            messages.text(
                "comparison.noStoredText", comparison.map(StoredComparison::prompt).orElse("")));
  }

  public void stop() {
    if (newest != null) {
      newest.cancel();
    }
  }
}
