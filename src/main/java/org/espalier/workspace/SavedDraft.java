package org.espalier.workspace;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.Target;

/**
 * A draft as it is kept in a file: what was decided, what it came to, and how it got there.
 *
 * @param checkpoint name of the dense model
 * @param headGroups of the dense model, per block
 * @param channels of the dense model, per block
 * @param method whose allocator answers; empty if none was chosen yet
 * @param parameters of the method that differ from its defaults
 * @param calibration the calibration's protocol in words; empty for methods without
 * @param allocation what the state came to; empty while it cannot be met
 * @param history every state since the draft began, oldest first; the first has no description
 * @param position of the present state in the history
 */
public record SavedDraft(
    String checkpoint,
    List<Integer> headGroups,
    List<Integer> channels,
    String method,
    Map<String, String> parameters,
    String calibration,
    Optional<Allocation> allocation,
    List<Snapshot> snapshots,
    List<Step> history,
    int position) {
  static final String OWN_ALLOCATOR = "own";

  /**
   * What a person decided.
   *
   * @param allocator how the target is shared among sub-layers, as {@code --allocator} names it
   * @param runsOn export target that the result is for; empty for any
   * @param channelMultiple channels come in multiples of it; 1 for any number
   */
  public record State(
      String name,
      Target target,
      Locks locks,
      String allocator,
      String runsOn,
      int channelMultiple) {
    /** By the method's own rule, for anywhere. */
    public State(String name, Target target, Locks locks) {
      this(name, target, locks, OWN_ALLOCATOR, "", 1);
    }

    public State {
      if (channelMultiple < 1) {
        throw new IllegalArgumentException("channels in multiples of " + channelMultiple);
      }
    }
  }

  /** A state put aside under a name, with what it came to. */
  public record Snapshot(String name, State state, Allocation allocation) {}

  /** An edit in words and the state after it. */
  public record Step(String description, State state) {}

  public SavedDraft {
    headGroups = List.copyOf(headGroups);
    channels = List.copyOf(channels);
    parameters = Map.copyOf(parameters);
    snapshots = List.copyOf(snapshots);
    history = List.copyOf(history);
    if (position < 0 || position >= history.size()) {
      throw new IllegalArgumentException("the history has no step " + position);
    }
  }

  /** The present state. */
  public State state() {
    return history.get(position).state();
  }

  /** True if it was made for a model of these widths. */
  public boolean fits(PrunableModel model) {
    return headGroups.equals(model.blocks().stream().map(PrunableModel.Block::headGroups).toList())
        && channels.equals(model.blocks().stream().map(PrunableModel.Block::channels).toList());
  }
}
