package org.espalier.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.HandPicked;
import org.espalier.allocation.Hold;
import org.espalier.allocation.Locks;
import org.espalier.allocation.Target;
import org.espalier.task.EspalierException;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.workspace.LocksJson.HeldSubLayer;
import org.espalier.workspace.LocksJson.PickedUnits;

/**
 * A draft in a file: as JSON with its snapshots and its history, or as CSV (names ending in .csv)
 * with one line per sub-layer for spreadsheets.
 */
public final class DraftFile {
  private static final int FORMAT = 1;

  private DraftFile() {}

  record DraftJson(
      int format,
      String checkpoint,
      List<Integer> headGroups,
      List<Integer> channels,
      String method,
      Map<String, String> parameters,
      String calibration,
      List<Integer> keptHeadGroups,
      List<Integer> keptChannels,
      List<SnapshotJson> snapshots,
      List<StepJson> history,
      int position) {}

  record StateJson(
      String name,
      double targetRatio,
      String targetRatioOf,
      List<HeldSubLayer> locks,
      List<PickedUnits> picked,
      String allocator,
      String runsOn,
      int channelMultiple) {}

  record SnapshotJson(
      String name, StateJson state, List<Integer> keptHeadGroups, List<Integer> keptChannels) {}

  record StepJson(String description, StateJson state) {}

  /**
   * Writes a draft; readers see the old file or the new one.
   *
   * @throws EspalierException naming the file if it cannot be written
   */
  public static void write(Path file, SavedDraft draft) {
    if (isCsv(file)) {
      DraftTable.write(file, draft);
      return;
    }
    JsonFile.write(file, json(draft));
  }

  /** The draft as JSON holds it. */
  static DraftJson json(SavedDraft draft) {
    Allocation kept = draft.allocation().orElse(new Allocation(List.of(), List.of()));
    return new DraftJson(
        FORMAT,
        draft.checkpoint(),
        draft.headGroups(),
        draft.channels(),
        draft.method(),
        draft.parameters(),
        draft.calibration(),
        kept.keptHeadGroups(),
        kept.keptChannels(),
        draft.snapshots().stream()
            .map(
                snapshot ->
                    new SnapshotJson(
                        snapshot.name(),
                        json(snapshot.state()),
                        snapshot.allocation().keptHeadGroups(),
                        snapshot.allocation().keptChannels()))
            .toList(),
        draft.history().stream()
            .map(step -> new StepJson(step.description(), json(step.state())))
            .toList(),
        draft.position());
  }

  /**
   * Reads a draft.
   *
   * @throws EspalierException naming the file and what is wrong with it
   */
  public static SavedDraft read(Path file) {
    if (isCsv(file)) {
      return DraftTable.read(file);
    }
    ObjectNode content = JsonFile.read(file, ObjectNode.class);
    complete(content);
    DraftJson json = JsonFile.value(file, content, DraftJson.class);
    if (json.format() != FORMAT) {
      throw new EspalierException(
          file
              + " has format "
              + json.format()
              + ", which this version cannot read; use a newer version.");
    }
    try {
      return draft(json);
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new EspalierException(
          "The draft " + file + " cannot be used: " + e.getMessage() + ".", e);
    }
  }

  /**
   * The draft that JSON holds.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static SavedDraft draft(DraftJson json) {
    SavedDraft draft =
        new SavedDraft(
            json.checkpoint(),
            json.headGroups(),
            json.channels(),
            json.method(),
            json.parameters(),
            json.calibration(),
            json.keptHeadGroups().isEmpty()
                ? Optional.empty()
                : Optional.of(new Allocation(json.keptHeadGroups(), json.keptChannels())),
            json.snapshots().stream()
                .map(
                    snapshot ->
                        new SavedDraft.Snapshot(
                            snapshot.name(),
                            state(snapshot.state()),
                            new Allocation(snapshot.keptHeadGroups(), snapshot.keptChannels())))
                .toList(),
            json.history().stream()
                .map(step -> new SavedDraft.Step(step.description(), state(step.state())))
                .toList(),
            json.position());
    check(draft);
    return draft;
  }

  private static boolean isCsv(Path file) {
    return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".csv");
  }

  static StateJson json(SavedDraft.State state) {
    return new StateJson(
        state.name(),
        state.target().ratio(),
        state.target().of().label(),
        LocksJson.held(state.locks()),
        LocksJson.picked(state.locks()),
        state.allocator(),
        state.runsOn(),
        state.channelMultiple());
  }

  static SavedDraft.State state(StateJson json) {
    Target target = new Target(json.targetRatio(), LocksJson.ratioDefinition(json.targetRatioOf()));
    Locks locks = LocksJson.locks(json.locks(), json.picked());
    return new SavedDraft.State(
        json.name(), target, locks, json.allocator(), json.runsOn(), json.channelMultiple());
  }

  /** Adds to a draft of an earlier version what it did not know. */
  static void complete(JsonNode draft) {
    draft.path("history").forEach(step -> completeState(step.path("state")));
    draft.path("snapshots").forEach(snapshot -> completeState(snapshot.path("state")));
  }

  private static void completeState(JsonNode state) {
    if (state instanceof ObjectNode object) {
      object.putIfAbsent("allocator", TextNode.valueOf(SavedDraft.OWN_ALLOCATOR));
      object.putIfAbsent("runsOn", TextNode.valueOf(""));
      object.putIfAbsent("channelMultiple", IntNode.valueOf(1));
    }
  }

  /** Everything that a draft names must be there in a model of its widths. */
  static void check(SavedDraft draft) {
    if (draft.headGroups().size() != draft.channels().size() || draft.headGroups().isEmpty()) {
      throw new IllegalArgumentException("attention and feed-forward differ in blocks");
    }
    draft.allocation().ifPresent(allocation -> check(draft, allocation));
    draft.snapshots().forEach(snapshot -> check(draft, snapshot.allocation()));
    draft.snapshots().forEach(snapshot -> check(draft, snapshot.state().locks()));
    draft.history().forEach(step -> check(draft, step.state().locks()));
  }

  private static void check(SavedDraft draft, Allocation allocation) {
    if (allocation.blocks() != draft.headGroups().size()) {
      throw new IllegalArgumentException("an allocation has another number of blocks");
    }
    for (int block = 0; block < allocation.blocks(); block++) {
      for (SubLayerKind kind : SubLayerKind.values()) {
        SubLayer subLayer = new SubLayer(block, kind);
        checkKept(draft, subLayer, allocation.kept(subLayer));
      }
    }
  }

  private static void check(SavedDraft draft, Locks locks) {
    locks.holds().forEach((subLayer, hold) -> check(draft, subLayer, hold));
    locks.picked().forEach((subLayer, picked) -> check(draft, subLayer, picked));
  }

  private static void check(SavedDraft draft, SubLayer subLayer, Hold hold) {
    checkKept(draft, subLayer, hold.keptUnits());
  }

  private static void check(SavedDraft draft, SubLayer subLayer, HandPicked picked) {
    if (!picked.fits(units(draft, subLayer))) {
      throw new IllegalArgumentException("a unit picked by hand is not in " + subLayer.label());
    }
  }

  private static void checkKept(SavedDraft draft, SubLayer subLayer, int kept) {
    int units = units(draft, subLayer);
    if (kept < 0 || kept > units) {
      throw new IllegalArgumentException(
          subLayer.label() + " keeps " + kept + " units, but it has " + units);
    }
  }

  static int units(SavedDraft draft, SubLayer subLayer) {
    List<Integer> units =
        subLayer.kind() == SubLayerKind.ATTENTION ? draft.headGroups() : draft.channels();
    if (subLayer.block() < 0 || subLayer.block() >= units.size()) {
      throw new IllegalArgumentException("there is no block " + subLayer.block());
    }
    return units.get(subLayer.block());
  }
}
