package org.espalier.ui.trial;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.espalier.ui.allocation.Draft;
import org.espalier.ui.allocation.DraftState;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.platform.StreamedText;
import org.espalier.ui.platform.UiExecutor;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Session;
import org.espalier.workbench.Analysis;
import org.espalier.workbench.GenerationRequest;
import org.espalier.workbench.Job;
import org.espalier.workbench.SideBySide;
import org.espalier.workbench.Workbench;

/** One prompt, continued by the dense model and by the draft as a mask, side by side. */
public final class TrialViewModel {
  private static final int NEW_TOKENS = 96;

  private final Workbench workbench;
  private final Session session;
  private final Draft draft;
  private final JobFollower follower;
  private final Notices notices;
  private final Messages messages;
  private final StringProperty prompt;
  private final StreamedText dense;
  private final StreamedText drafted;
  private final ReadOnlyStringWrapper title = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");
  private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper();
  private Job<SideBySide> newest;

  public TrialViewModel(
      Workbench workbench,
      Session session,
      Draft draft,
      JobFollower follower,
      UiExecutor executor,
      Notices notices,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.draft = draft;
    this.follower = follower;
    dense = new StreamedText(executor);
    drafted = new StreamedText(executor);
    this.notices = notices;
    this.messages = messages;
    prompt = new SimpleStringProperty(messages.text("trial.firstPrompt"));
    session.checkpoint().addListener((property, before, after) -> forget());
    draft.state().addListener((property, before, after) -> name());
    name();
  }

  public StringProperty prompt() {
    return prompt;
  }

  /** What the dense model has written so far. */
  public ReadOnlyStringProperty dense() {
    return dense.text();
  }

  /** What the draft has written so far. */
  public ReadOnlyStringProperty drafted() {
    return drafted.text();
  }

  /** Which draft it is, in words. */
  public ReadOnlyStringProperty title() {
    return title.getReadOnlyProperty();
  }

  /** Why it did not work; empty when it did. */
  public ReadOnlyStringProperty problem() {
    return problem.getReadOnlyProperty();
  }

  public ReadOnlyBooleanProperty running() {
    return running.getReadOnlyProperty();
  }

  /** Lets both continue the prompt. */
  public void start() {
    Analysis analysis = session.analysis().get();
    if (analysis == null || running.get()) {
      return;
    }
    if (prompt.get().isBlank()) {
      problem.set(messages.text("trial.noPrompt"));
      return;
    }
    problem.set("");
    StreamedText.Stream ofDense = dense.begin();
    StreamedText.Stream ofDraft = drafted.begin();
    DraftState state = draft.state().get();
    Job<SideBySide> job =
        workbench.tryDraft(
            analysis,
            state.target(),
            state.locks(),
            new GenerationRequest(prompt.get(), NEW_TOKENS, 0, 0, 0),
            ofDense,
            ofDraft);
    newest = job;
    running.set(true);
    follower.follow(
        job,
        texts -> {
          ofDense.finish(texts.dense());
          ofDraft.finish(texts.draft());
        },
        failure -> notices.sentence(failure).ifPresent(problem::set),
        () -> {
          if (newest == job) {
            running.set(false);
          }
        });
  }

  public void stop() {
    if (newest != null) {
      newest.cancel();
    }
  }

  private void forget() {
    stop();
    dense.show("");
    drafted.show("");
    problem.set("");
  }

  private void name() {
    title.set(
        messages.text(
            "trial.draft",
            100 * draft.state().get().target().ratio(),
            messages.text("ratio.of." + draft.state().get().target().of())));
  }
}
