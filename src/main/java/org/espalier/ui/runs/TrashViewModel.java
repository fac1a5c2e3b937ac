package org.espalier.ui.runs;

import java.util.Date;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Sheets;
import org.espalier.ui.session.Sheets.Sheet;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Run;
import org.espalier.workspace.TrashedRun;

/** Deletes runs so that they can be brought back: at once, or from the list of deleted runs. */
public final class TrashViewModel {
  private final Workbench workbench;
  private final JobFollower follower;
  private final Notices notices;
  private final Sheets sheets;
  private final Messages messages;
  private final ObservableList<TrashedRun> runs = FXCollections.observableArrayList();

  public TrashViewModel(
      Workbench workbench,
      JobFollower follower,
      Notices notices,
      Sheets sheets,
      Messages messages) {
    this.workbench = workbench;
    this.follower = follower;
    this.notices = notices;
    this.sheets = sheets;
    this.messages = messages;
  }

  /** Deletes a run and offers to bring it back. */
  public void delete(Run run) {
    follower.ask(
        () -> workbench.delete(run),
        trashed ->
            trashed.ifPresent(
                gone ->
                    notices.offer(
                        new Notices.Offer(
                            messages.text("trash.deleted", run.name()),
                            messages.text("trash.undo"),
                            () -> restore(gone)))));
  }

  /** Deleted runs as of the last {@link #open}. */
  public ObservableList<TrashedRun> runs() {
    return runs;
  }

  public void open() {
    follower.ask(
        workbench::trash,
        list -> {
          runs.setAll(list);
          sheets.open().set(Sheet.TRASH);
        });
  }

  public void restore(TrashedRun trashed) {
    runs.remove(trashed);
    follower.inBackground(() -> workbench.restore(trashed));
  }

  /** Removes all of them for good. */
  public void empty() {
    runs.clear();
    follower.inBackground(workbench::emptyTrash);
  }

  /** When it was deleted and what it takes, in words. */
  public String describe(TrashedRun trashed) {
    return messages.text(
        "trash.line",
        Date.from(trashed.deleted()),
        Figures.percent(trashed.run().ratios().prunable()),
        Figures.bytes(trashed.run().bytes()));
  }
}
