package org.espalier.ui.allocation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.PrunableModel;
import org.espalier.ui.allocation.Draft.Snapshot;
import org.espalier.workbench.Analysis;
import org.espalier.workbench.Destination;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workspace.SavedDraft;

/** Drafts as files hold them, and back. */
final class DraftRecords {
  private DraftRecords() {}

  /**
   * A draft as a file holds it.
   *
   * @param analysis by which it is solved, if there is one
   * @param answer what the present state came to
   */
  static SavedDraft saved(
      OpenedCheckpoint checkpoint,
      Optional<Analysis> analysis,
      Optional<Allocation> answer,
      List<Snapshot> snapshots,
      EditHistory<DraftState> edits) {
    List<PrunableModel.Block> blocks = checkpoint.model().blocks();
    return new SavedDraft(
        checkpoint.name(),
        blocks.stream().map(PrunableModel.Block::headGroups).toList(),
        blocks.stream().map(PrunableModel.Block::channels).toList(),
        analysis.map(measured -> measured.method().name()).orElse(""),
        analysis.map(measured -> measured.request().parameters()).orElse(Map.of()),
        analysis.map(Analysis::calibration).orElse(""),
        answer,
        snapshots.stream()
            .map(
                snapshot ->
                    new SavedDraft.Snapshot(
                        snapshot.name(), plain(snapshot.state()), snapshot.allocation()))
            .toList(),
        edits.steps().stream()
            .map(step -> new SavedDraft.Step(step.description(), plain(step.after())))
            .toList(),
        edits.position());
  }

  static List<Snapshot> snapshots(SavedDraft saved) {
    return saved.snapshots().stream()
        .map(
            snapshot ->
                new Snapshot(snapshot.name(), state(snapshot.state()), snapshot.allocation()))
        .toList();
  }

  static List<EditHistory.Step<DraftState>> history(SavedDraft saved) {
    return saved.history().stream()
        .map(step -> new EditHistory.Step<>(step.description(), state(step.state())))
        .toList();
  }

  static DraftState state(SavedDraft.State plain) {
    return new DraftState(
        plain.target(),
        plain.locks(),
        plain.name(),
        plain.allocator(),
        new Destination(plain.runsOn(), plain.channelMultiple()));
  }

  private static SavedDraft.State plain(DraftState state) {
    return new SavedDraft.State(
        state.name(),
        state.target(),
        state.locks(),
        state.allocator(),
        state.destination().target(),
        state.destination().channelMultiple());
  }
}
