package org.espalier.ui.restore;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.collections.ListChangeListener;
import org.espalier.ui.allocation.Draft;
import org.espalier.ui.method.MethodViewModel;
import org.espalier.ui.session.CheckpointOpening;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Shown;
import org.espalier.ui.session.UnfinishedJobs;
import org.espalier.workspace.SavedSession;
import org.espalier.workspace.UnfinishedJob;

/** What the window shows, as a session keeps it. Used on the UI thread. */
public final class PresentSession {
  private final Session session;
  private final Draft draft;
  private final MethodViewModel method;
  private final CheckpointOpening opening;
  private final Supplier<SavedSession.Layout> layout;
  private final PresentDetails details;
  private final UnfinishedJobs unfinished;

  public PresentSession(
      Session session,
      Draft draft,
      MethodViewModel method,
      CheckpointOpening opening,
      Supplier<SavedSession.Layout> layout,
      PresentDetails details,
      UnfinishedJobs unfinished) {
    this.session = session;
    this.draft = draft;
    this.method = method;
    this.opening = opening;
    this.layout = layout;
    this.details = details;
    this.unfinished = unfinished;
  }

  /** Empty while no checkpoint is open. */
  public Optional<SavedSession> saved() {
    if (session.checkpoint().get() == null) {
      return Optional.empty();
    }
    List<UnfinishedJob> jobs = unfinished.jobs();
    return Optional.of(
        new SavedSession(
            opening.present(),
            session.checkpoint().get().name(),
            method.form(),
            method.analysed(),
            draft.saved(),
            shown(),
            layout.get(),
            details.saved(),
            jobs));
  }

  private String shown() {
    Shown shown = session.shown().get();
    return shown instanceof Shown.OfRun of
        ? of.run().id()
        : shown instanceof Shown.Dense ? SavedSession.DENSE : SavedSession.DRAFT;
  }

  /** Calls the listener with every change of what is kept, but for the layout. */
  public void onChange(Runnable listener) {
    session.checkpoint().addListener((property, before, after) -> listener.run());
    session.analysis().addListener((property, before, after) -> listener.run());
    session.shown().addListener((property, before, after) -> listener.run());
    draft.state().addListener((property, before, after) -> listener.run());
    draft.history().addListener((property, before, after) -> listener.run());
    draft.settled().addListener((property, before, after) -> listener.run());
    draft.snapshots().addListener((ListChangeListener<Draft.Snapshot>) change -> listener.run());
    method.onFormChange(listener);
    details.onChange(listener);
    unfinished.onChange(listener);
  }
}
