package org.espalier.ui.session;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.espalier.allocation.PrunableModel;
import org.espalier.workbench.Analysis;
import org.espalier.workbench.Destination;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workspace.Run;

/**
 * What is open in the window, shared by its features: the checkpoint, its newest analysis, the runs
 * and which of them is shown. Used on the UI thread only.
 */
public final class Session {
  private final ReadOnlyObjectWrapper<OpenedCheckpoint> checkpoint = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyObjectWrapper<Analysis> analysis = new ReadOnlyObjectWrapper<>();
  private final ObjectProperty<Shown> shown = new SimpleObjectProperty<>(Shown.DRAFT);
  private final ObjectProperty<Destination> destination =
      new SimpleObjectProperty<>(Destination.ANYWHERE);
  private final ObservableList<Run> runs = FXCollections.observableArrayList();

  /** The open checkpoint; null before the first one is open. */
  public ReadOnlyObjectProperty<OpenedCheckpoint> checkpoint() {
    return checkpoint.getReadOnlyProperty();
  }

  /** The folder of the open checkpoint; empty for the sample model. */
  public Optional<Path> place() {
    return Optional.ofNullable(checkpoint.get())
        .filter(open -> !open.sample())
        .map(OpenedCheckpoint::folder);
  }

  /** The newest analysis of the open checkpoint; null before the first. */
  public ReadOnlyObjectProperty<Analysis> analysis() {
    return analysis.getReadOnlyProperty();
  }

  public ObjectProperty<Shown> shown() {
    return shown;
  }

  /** Where the pruned model will run; analyses are made for it. */
  public ObjectProperty<Destination> destination() {
    return destination;
  }

  /** Runs of the workspace, oldest first. */
  public ObservableList<Run> runs() {
    return runs;
  }

  /** The run that is shown, if one is. */
  public Optional<Run> shownRun() {
    return shown.get() instanceof Shown.OfRun of ? Optional.of(newest(of.run())) : Optional.empty();
  }

  private Run newest(Run run) {
    return runs.stream().filter(known -> known.id().equals(run.id())).findFirst().orElse(run);
  }

  /** Takes a newly opened checkpoint; its analysis has still to be made. */
  public void opened(OpenedCheckpoint opened) {
    analysis.set(null);
    shown.set(Shown.DRAFT);
    checkpoint.set(opened);
  }

  /** Takes a finished analysis, unless its checkpoint has been replaced meanwhile. */
  public void analysed(Analysis finished) {
    OpenedCheckpoint open = checkpoint.get();
    if (open != null && open.id() == finished.checkpoint().id()) {
      analysis.set(finished);
      shown.set(Shown.DRAFT);
    }
  }

  /**
   * Takes the workspace's list; the shown run follows its newer version or gives way to the draft.
   */
  public void runsChanged(List<Run> list) {
    runs.setAll(list);
    shownRun()
        .ifPresent(
            run ->
                shown.set(
                    list.stream()
                        .filter(newer -> newer.id().equals(run.id()))
                        .findFirst()
                        .map(Shown::run)
                        .orElse(Shown.DRAFT)));
  }

  /** True when the run was cut from the open checkpoint, so that its allocation fits the rows. */
  public boolean belongsHere(Run run) {
    OpenedCheckpoint open = checkpoint.get();
    if (open == null || !run.checkpoint().equals(open.folder())) {
      return false;
    }
    List<PrunableModel.Block> blocks = open.model().blocks();
    return run.allocation().blocks() == blocks.size()
        && IntStream.range(0, blocks.size())
            .allMatch(
                b ->
                    run.allocation().keptHeadGroups().get(b) <= blocks.get(b).headGroups()
                        && run.allocation().keptChannels().get(b) <= blocks.get(b).channels());
  }
}
