package org.espalier.allocation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Which widths a pruned model may have, because of where it is to run. Blocks that lose everything
 * are left out and bound by nothing.
 *
 * @param because what asks for it, to begin a sentence with ("The target vllm")
 * @param equalHeadGroups whether all blocks keep the same number of head groups
 * @param equalChannels whether all blocks keep the same number of channels
 * @param headGroups numbers of head groups that are accepted; empty for any
 * @param channelMultiple channels come in multiples of it; a sub-layer that loses none may have any
 *     number
 * @param hiddenMultiple channels of the residual stream come in multiples of it; a model that loses
 *     none may have any number
 * @param keepsFirstAttention whether the first block keeps its attention
 * @param keepsSubLayers whether a block keeps both of its sub-layers or none
 * @param keepsBlocks whether no block loses both, because its compensation would be left
 */
public record WidthConstraint(
    String because,
    boolean equalHeadGroups,
    boolean equalChannels,
    Set<Integer> headGroups,
    int channelMultiple,
    int hiddenMultiple,
    boolean keepsFirstAttention,
    boolean keepsSubLayers,
    boolean keepsBlocks) {
  /** Any widths. */
  public static final WidthConstraint NONE =
      new WidthConstraint("", false, false, Set.of(), 1, false, false);

  public WidthConstraint {
    headGroups = Set.copyOf(headGroups);
    if (channelMultiple < 1 || hiddenMultiple < 1) {
      throw new IllegalArgumentException(
          "multiples of " + channelMultiple + " and " + hiddenMultiple);
    }
  }

  /** Blocks may lose everything. */
  public WidthConstraint(
      String because,
      boolean equalHeadGroups,
      boolean equalChannels,
      Set<Integer> headGroups,
      int channelMultiple,
      int hiddenMultiple,
      boolean keepsFirstAttention,
      boolean keepsSubLayers) {
    this(
        because,
        equalHeadGroups,
        equalChannels,
        headGroups,
        channelMultiple,
        hiddenMultiple,
        keepsFirstAttention,
        keepsSubLayers,
        false);
  }

  /** Channels of the residual stream in the same multiples as those of feed-forwards. */
  public WidthConstraint(
      String because,
      boolean equalHeadGroups,
      boolean equalChannels,
      Set<Integer> headGroups,
      int channelMultiple,
      boolean keepsFirstAttention,
      boolean keepsSubLayers) {
    this(
        because,
        equalHeadGroups,
        equalChannels,
        headGroups,
        channelMultiple,
        channelMultiple,
        keepsFirstAttention,
        keepsSubLayers);
  }

  /** Whether it allows everything. */
  public boolean isNone() {
    return !equalHeadGroups
        && !equalChannels
        && headGroups.isEmpty()
        && channelMultiple == 1
        && hiddenMultiple == 1
        && !keepsFirstAttention
        && !keepsSubLayers
        && !keepsBlocks;
  }

  /** Whether all blocks of one kind keep the same number. */
  boolean isEqual(SubLayerKind kind) {
    return kind == SubLayerKind.ATTENTION ? equalHeadGroups : equalChannels;
  }

  /**
   * Numbers that a sub-layer may keep, ascending, without 0.
   *
   * @param units that it has
   */
  int[] choices(SubLayerKind kind, int units) {
    return IntStream.rangeClosed(1, units).filter(kept -> takes(kind, units, kept)).toArray();
  }

  private boolean takes(SubLayerKind kind, int units, int kept) {
    return kind == SubLayerKind.ATTENTION
        ? headGroups.isEmpty() || headGroups.contains(kept)
        : kept % channelMultiple == 0 || kept == units;
  }

  /**
   * Numbers of hidden channels that a model may keep, ascending, without 0.
   *
   * @param count that it has
   */
  int[] hiddenChoices(int count) {
    return IntStream.rangeClosed(1, count)
        .filter(kept -> kept % hiddenMultiple == 0 || kept == count)
        .toArray();
  }

  /** Whether a sub-layer may lose all its units while the other one of its block stays. */
  boolean mayRemove(SubLayer subLayer) {
    boolean firstAttention =
        subLayer.block() == 0 && subLayer.kind() == SubLayerKind.ATTENTION && keepsFirstAttention;
    return !keepsSubLayers && !firstAttention;
  }

  /**
   * The number nearest to a wish that a sub-layer may keep, within bounds; empty if none lies
   * there.
   */
  public OptionalInt nearest(
      PrunableModel model, SubLayer subLayer, int wanted, int least, int most) {
    return IntStream.concat(
            mayRemove(subLayer) ? IntStream.of(0) : IntStream.empty(),
            Arrays.stream(choices(subLayer.kind(), model.units(subLayer))))
        .filter(kept -> kept >= least && kept <= most)
        .reduce((a, b) -> Math.abs(b - wanted) < Math.abs(a - wanted) ? b : a);
  }

  /** Why an allocation is not allowed, in one sentence; empty if it is. */
  public Optional<String> refusal(PrunableModel model, Allocation allocation) {
    Set<Integer> headGroupCounts = new HashSet<>();
    Set<Integer> channelCounts = new HashSet<>();
    for (int block = 0; block < allocation.blocks(); block++) {
      int attention = allocation.kept(SubLayer.attention(block));
      int feedForward = allocation.kept(SubLayer.feedForward(block));
      if (attention + feedForward == 0) {
        if (keepsBlocks && model.units(SubLayer.feedForward(block)) > 0) {
          return Optional.of(
              because
                  + " has no place for the compensation of a removed block, but block "
                  + block
                  + " is to lose everything; switch the method's compensation off.");
        }
        continue;
      }
      for (SubLayer subLayer : List.of(SubLayer.attention(block), SubLayer.feedForward(block))) {
        Optional<String> refusal = refusal(model, subLayer, allocation.kept(subLayer));
        if (refusal.isPresent()) {
          return refusal;
        }
      }
      if (attention > 0) {
        headGroupCounts.add(attention);
      }
      if (feedForward > 0) {
        channelCounts.add(feedForward);
      }
    }
    if (equalHeadGroups && headGroupCounts.size() > 1) {
      return Optional.of(because + " takes one number of head groups in all blocks.");
    }
    if (equalChannels && channelCounts.size() > 1) {
      return Optional.of(because + " takes one number of channels in all blocks.");
    }
    if (allocation.keptHidden().isPresent()) {
      int hidden = allocation.keptHidden().getAsInt();
      if (hidden % hiddenMultiple != 0 && hidden != model.hidden().count()) {
        return Optional.of(
            because + " takes " + hiddenWords() + ", but " + hidden + " are to stay.");
      }
    }
    return Optional.empty();
  }

  /** What it asks of channels of the residual stream, in words to end a sentence with. */
  String hiddenWords() {
    return "hidden channels in multiples of " + hiddenMultiple;
  }

  /** Why one sub-layer may not keep a number of units; empty if it may. */
  Optional<String> refusal(PrunableModel model, SubLayer subLayer, int kept) {
    int units = model.units(subLayer);
    if (units == 0 || (kept == 0 && mayRemove(subLayer))) {
      return Optional.empty();
    }
    if (kept > 0 && kept <= units && takes(subLayer.kind(), units, kept)) {
      return Optional.empty();
    }
    String accepted =
        kept == 0
            ? "at least one unit there"
            : subLayer.kind() == SubLayerKind.ATTENTION
                ? "one of " + headGroups.stream().sorted().toList() + " head groups"
                : "a multiple of " + channelMultiple + " channels";
    return Optional.of(
        because + " takes " + accepted + ", but " + subLayer.label() + " is to keep " + kept + ".");
  }

  /** What it asks for, in words to end a sentence with; empty where it asks for nothing. */
  public String words() {
    List<String> words = new ArrayList<>();
    if (equalHeadGroups && equalChannels) {
      words.add("equal widths in all blocks");
    } else if (equalHeadGroups) {
      words.add("equal head groups in all blocks");
    }
    if (!headGroups.isEmpty()) {
      words.add(
          "head groups one of "
              + String.join(", ", headGroups.stream().sorted().map(String::valueOf).toList()));
    }
    if (channelMultiple > 1) {
      words.add("channels in multiples of " + channelMultiple);
    }
    if (keepsBlocks) {
      words.add("no sub-layer and no block removed");
    } else if (keepsSubLayers) {
      words.add("no sub-layer removed");
    } else if (keepsFirstAttention) {
      words.add("attention of the first block kept");
    }
    return String.join(", ", words);
  }
}
