package org.espalier.allocation;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Any allocator, with answers that a {@link WidthConstraint} allows. Equal widths lie as near to
 * the mean of the free answer as the target lets them. Other widths are the free answer to a target
 * a little off, rounded to what is allowed: the one that comes nearest after rounding is found by
 * bisection, so that the allocator itself decides where more or less goes. A number of hidden
 * channels goes to the nearest one that is allowed.
 */
public final class ConstrainedAllocator implements Allocator {
  /** Enough to halve a ratio down to single units of the largest models. */
  private static final int BISECTIONS = 28;

  /** Share by which a target may be missed before another number of heads is tried. */
  private static final double CLOSE_ENOUGH = 0.01;

  private final PrunableModel model;
  private final Allocator free;
  private final WidthConstraint constraint;
  private final List<SubLayer> subLayers;

  /**
   * @param free answers without the constraint
   */
  public ConstrainedAllocator(PrunableModel model, Allocator free, WidthConstraint constraint) {
    this.model = model;
    this.free = free;
    this.constraint = constraint;
    this.subLayers = model.subLayers();
  }

  /** The allocator that knows no constraint. */
  public Allocator free() {
    return free;
  }

  public WidthConstraint constraint() {
    return constraint;
  }

  @Override
  public boolean takesWhole(SubLayerKind kind) {
    return free.takesWhole(kind);
  }

  @Override
  public Bounds bounds(SubLayer subLayer) {
    return free.bounds(subLayer);
  }

  @Override
  public Optional<String> remark(Target target, Allocation answer) {
    Optional<String> own = free.remark(target, answer);
    if (own.isPresent()
        || Math.abs(missing(target, answer)) <= CLOSE_ENOUGH * target.of().reference(model)) {
      return own;
    }
    return Optional.of(
        "With "
            + constraint.words()
            + ", the nearest to removing "
            + percent(target.ratio())
            + " of "
            + target.of().reference()
            + " is "
            + percent(answer.removedShare(model, target.of()))
            + ".");
  }

  @Override
  public Allocation allocate(Target target, Locks locks) {
    locks.holds().forEach((subLayer, hold) -> checkHold(target, subLayer, hold));
    Allocation proposal = free.allocate(target, locks);
    Optional<String> refusal = constraint.refusal(model, proposal);
    if (refusal.isEmpty()) {
      return proposal;
    }
    if (proposal.keptHidden().isPresent()) {
      return withRoundedHidden(target, proposal);
    }
    if (constraint.keepsBlocks()
        && Arrays.stream(SubLayerKind.values()).allMatch(free::takesWhole)) {
      // Narrower blocks would be another method.
      throw new InfeasibleTargetException(refusal.get(), new Target(0, target.of()));
    }
    if (constraint.equalHeadGroups()) {
      return withEqualHeadGroups(target, locks, proposal);
    }
    return constraint.equalChannels()
        ? withEqualChannels(target, locks)
        : rounded(target, locks, proposal);
  }

  private void checkHold(Target target, SubLayer subLayer, Hold hold) {
    constraint
        .refusal(model, subLayer, hold.keptUnits())
        .ifPresent(
            reason -> {
              throw new InfeasibleTargetException(
                  reason + " Set it to what is taken, or choose where else it will run.", target);
            });
  }

  // ---- hidden channels

  private Allocation withRoundedHidden(Target target, Allocation proposal) {
    HiddenChannels hidden = model.hidden();
    int kept = nearest(constraint.hiddenChoices(hidden.count()), proposal.keptHidden().getAsInt());
    Allocation answer = proposal.withHidden(kept);
    Optional<String> refusal = constraint.refusal(model, answer);
    if (refusal.isPresent()) {
      throw new InfeasibleTargetException(
          refusal.get()
              + " Hidden channels leave the widths of blocks as they are; choose where else it"
              + " will run.",
          target);
    }
    // The nearest multiple is half a step away at most, where there is one below.
    double channel =
        (double) target.of().reference(model)
            * hidden.weight(target.of())
            / hidden.reference(target.of(), model);
    double near = (constraint.hiddenMultiple() / 2.0 + 1) * channel;
    requireNear(target, answer, kept == hidden.count() ? 0 : near, constraint.hiddenWords());
    return answer;
  }

  // ---- equal widths

  private Allocation withEqualHeadGroups(Target target, Locks locks, Allocation proposal) {
    int[] choices = equalChoices(target, locks, SubLayerKind.ATTENTION);
    double mean = mean(proposal.keptHeadGroups());
    List<Integer> nearestFirst =
        Arrays.stream(choices)
            .boxed()
            .sorted((a, b) -> Double.compare(Math.abs(a - mean), Math.abs(b - mean)))
            .toList();
    Allocation best = null;
    double least = Double.POSITIVE_INFINITY;
    InfeasibleTargetException nearest = null;
    for (int headGroups : nearestFirst) {
      if (best != null && Math.abs(headGroups - mean) >= 1) {
        break; // Far from what the method finds worth keeping: a miss costs less.
      }
      Locks held = held(locks, SubLayerKind.ATTENTION, headGroups);
      try {
        Allocation candidate =
            constraint.equalChannels()
                ? withEqualChannels(target, held)
                : rounded(target, held, free.allocate(target, held));
        double miss = Math.abs(missing(target, candidate));
        if (miss <= CLOSE_ENOUGH * target.of().reference(model)) {
          return candidate;
        }
        if (miss < least) {
          least = miss;
          best = candidate;
        }
      } catch (InfeasibleTargetException e) {
        nearest = nearer(target, nearest, e);
      }
    }
    if (best == null) {
      throw nearest;
    }
    return best;
  }

  /** Which refusal names the target that is nearer to the wish. */
  private static InfeasibleTargetException nearer(
      Target target, InfeasibleTargetException one, InfeasibleTargetException other) {
    if (one == null) {
      return other;
    }
    double first = Math.abs(one.nearestFeasible().ratio() - target.ratio());
    double second = Math.abs(other.nearestFeasible().ratio() - target.ratio());
    return second < first ? other : one;
  }

  private static double mean(List<Integer> counts) {
    return counts.stream().filter(kept -> kept > 0).mapToInt(Integer::intValue).average().orElse(0);
  }

  /** One number of channels in all blocks, attention being settled or free as the locks say. */
  private Allocation withEqualChannels(Target target, Locks locks) {
    int[] choices = equalChoices(target, locks, SubLayerKind.FEED_FORWARD);
    Allocation best = null;
    double least = Double.POSITIVE_INFINITY;
    for (int channels : candidates(target, locks, choices)) {
      Allocation candidate = allHeld(held(locks, SubLayerKind.FEED_FORWARD, channels));
      double miss = Math.abs(missing(target, candidate));
      if (miss < least) {
        least = miss;
        best = candidate;
      }
    }
    requireNear(target, best, equalStep(target, choices));
    return best;
  }

  /**
   * The choices on both sides of the number that would meet the target exactly: what is removed
   * falls in proportion to what all blocks keep.
   */
  private int[] candidates(Target target, Locks locks, int[] choices) {
    double weight = 0;
    for (SubLayer subLayer : subLayers) {
      if (subLayer.kind() == SubLayerKind.FEED_FORWARD
          && model.units(subLayer) > 0
          && locks.of(subLayer).isEmpty()) {
        weight += target.of().unitWeight(model, subLayer);
      }
    }
    if (weight == 0) {
      return new int[] {choices[0]};
    }
    double missing = missing(target, allHeld(held(locks, SubLayerKind.FEED_FORWARD, choices[0])));
    int exact = (int) Math.round(choices[0] - missing / weight);
    int found = Arrays.binarySearch(choices, exact);
    int above = Math.min(found >= 0 ? found : -found - 1, choices.length - 1);
    return Arrays.copyOfRange(choices, Math.max(above - 1, 0), Math.min(above + 2, choices.length));
  }

  /** What the next number of channels in all blocks would change. */
  private double equalStep(Target target, int[] choices) {
    int widest = widestGap(choices);
    double step = 0;
    for (SubLayer subLayer : subLayers) {
      if (subLayer.kind() == SubLayerKind.FEED_FORWARD && model.units(subLayer) > 0) {
        step += (double) widest * target.of().unitWeight(model, subLayer);
      }
    }
    return step;
  }

  /** Numbers that every block of a kind may keep: the held one where there is one. */
  private int[] equalChoices(Target target, Locks locks, SubLayerKind kind) {
    int[] common =
        subLayers.stream()
            .filter(subLayer -> subLayer.kind() == kind)
            .mapToInt(model::units)
            .filter(units -> units > 0)
            .distinct()
            .mapToObj(units -> constraint.choices(kind, units))
            .reduce((a, b) -> Arrays.stream(a).filter(x -> contains(b, x)).toArray())
            .orElse(new int[0]);
    int[] held =
        locks.holds().entrySet().stream()
            .filter(entry -> entry.getKey().kind() == kind && entry.getValue().keptUnits() > 0)
            .mapToInt(entry -> entry.getValue().keptUnits())
            .distinct()
            .toArray();
    if (held.length > 1) {
      throw new InfeasibleTargetException(
          constraint.because()
              + " takes one "
              + (kind == SubLayerKind.ATTENTION ? "number of head groups" : "number of channels")
              + " in all blocks, but holds keep "
              + String.join(
                  " and ", Arrays.stream(held).sorted().mapToObj(String::valueOf).toList())
              + ". Release one of them, or choose where else it will run.",
          target);
    }
    int[] choices = held.length == 1 ? held : common;
    if (choices.length == 0) {
      throw new InfeasibleTargetException(
          constraint.because()
              + " takes "
              + constraint.words()
              + ", which leaves no width for this model; choose where else it will run.",
          target);
    }
    return choices;
  }

  private static boolean contains(int[] ascending, int number) {
    return Arrays.binarySearch(ascending, number) >= 0;
  }

  /** All free sub-layers of a kind held at one number. */
  private Locks held(Locks locks, SubLayerKind kind, int kept) {
    Map<SubLayer, Hold> holds = new HashMap<>(locks.holds());
    for (SubLayer subLayer : subLayers) {
      if (subLayer.kind() == kind && model.units(subLayer) > 0) {
        holds.putIfAbsent(subLayer, Hold.locked(kept));
      }
    }
    return new Locks(holds, locks.picked());
  }

  /** The allocation of locks that hold everything; what has no units keeps none. */
  private Allocation allHeld(Locks locks) {
    int[] kept =
        subLayers.stream()
            .mapToInt(subLayer -> locks.of(subLayer).map(Hold::keptUnits).orElse(0))
            .toArray();
    return allocation(kept);
  }

  // ---- rounded widths

  private Allocation rounded(Target target, Locks locks, Allocation proposal) {
    Map<SubLayerKind, Map<Integer, int[]>> known = new EnumMap<>(SubLayerKind.class);
    int[][] choices =
        subLayers.stream()
            .map(
                subLayer ->
                    known
                        .computeIfAbsent(subLayer.kind(), kind -> new HashMap<>())
                        .computeIfAbsent(
                            model.units(subLayer),
                            units -> constraint.choices(subLayer.kind(), units)))
            .toArray(int[][]::new);
    int[] best = round(proposal, choices, locks);
    double least = Math.abs(missing(target, allocation(best)));
    double low = 0;
    double high = 1;
    for (int i = 0; i < BISECTIONS && least > 0; i++) {
      double middle = (low + high) / 2;
      Optional<Allocation> answer = answer(new Target(middle, target.of()), locks);
      if (answer.isEmpty()) {
        // Beyond what can be met: above the target too much, below it too little.
        if (middle > target.ratio()) {
          high = middle;
        } else {
          low = middle;
        }
        continue;
      }
      int[] kept = round(answer.get(), choices, locks);
      double missing = missing(target, allocation(kept));
      if (Math.abs(missing) < least) {
        least = Math.abs(missing);
        best = kept;
      }
      if (missing > 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    settle(target, locks, choices, best, proposal);
    Allocation result = allocation(best);
    requireNear(target, result, largestStep(target, locks, choices));
    return result;
  }

  private Optional<Allocation> answer(Target target, Locks locks) {
    try {
      return Optional.of(free.allocate(target, locks));
    } catch (InfeasibleTargetException e) {
      return Optional.empty();
    }
  }

  private int[] round(Allocation answer, int[][] choices, Locks locks) {
    int[] kept = new int[subLayers.size()];
    for (int s = 0; s < kept.length; s++) {
      SubLayer subLayer = subLayers.get(s);
      int wanted = answer.kept(subLayer);
      boolean settled =
          locks.of(subLayer).isPresent() || (wanted == 0 && constraint.mayRemove(subLayer));
      kept[s] = settled || choices[s].length == 0 ? wanted : nearest(choices[s], wanted);
    }
    return kept;
  }

  private static int nearest(int[] choices, int wanted) {
    int found = Arrays.binarySearch(choices, wanted);
    if (found >= 0) {
      return wanted;
    }
    int above = -found - 1;
    if (above == 0 || above == choices.length) {
      return choices[Math.min(above, choices.length - 1)];
    }
    return choices[above] - wanted < wanted - choices[above - 1]
        ? choices[above]
        : choices[above - 1];
  }

  /**
   * Steps single sub-layers to the next width, always the one that strays least from the free
   * answer, while that brings the removed weight nearer to the target.
   */
  private void settle(
      Target target, Locks locks, int[][] choices, int[] kept, Allocation proposal) {
    double missing = missing(target, allocation(kept));
    while (true) {
      int direction = missing > 0 ? -1 : 1;
      int best = -1;
      int bestNext = 0;
      double leastStraying = Double.POSITIVE_INFINITY;
      for (int s = 0; s < kept.length; s++) {
        SubLayer subLayer = subLayers.get(s);
        int at = Arrays.binarySearch(choices[s], kept[s]) + direction;
        boolean movable =
            kept[s] > 0 && locks.of(subLayer).isEmpty() && at >= 0 && at < choices[s].length;
        if (!movable) {
          continue;
        }
        int next = choices[s][at];
        double changed = (double) (kept[s] - next) * target.of().unitWeight(model, subLayer);
        double straying =
            direction * (double) (next - proposal.kept(subLayer)) / model.units(subLayer);
        if (Math.abs(missing - changed) < Math.abs(missing) && straying < leastStraying) {
          leastStraying = straying;
          best = s;
          bestNext = next;
        }
      }
      if (best < 0) {
        return;
      }
      missing -=
          (double) (kept[best] - bestNext) * target.of().unitWeight(model, subLayers.get(best));
      kept[best] = bestNext;
    }
  }

  /** The widest gap between numbers that a free sub-layer may keep, as weight. */
  private double largestStep(Target target, Locks locks, int[][] choices) {
    Map<int[], Integer> gaps = new IdentityHashMap<>();
    double largest = 0;
    for (int s = 0; s < choices.length; s++) {
      if (locks.of(subLayers.get(s)).isEmpty()) {
        double units = gaps.computeIfAbsent(choices[s], ConstrainedAllocator::widestGap);
        largest = Math.max(largest, units * target.of().unitWeight(model, subLayers.get(s)));
      }
    }
    return largest;
  }

  private static int widestGap(int[] ascending) {
    int widest = 0;
    for (int i = 1; i < ascending.length; i++) {
      widest = Math.max(widest, ascending[i] - ascending[i - 1]);
    }
    return widest;
  }

  // ---- common

  private Allocation allocation(int[] kept) {
    List<Integer> headGroups =
        IntStream.range(0, kept.length)
            .filter(s -> subLayers.get(s).kind() == SubLayerKind.ATTENTION)
            .mapToObj(s -> kept[s])
            .toList();
    List<Integer> channels =
        IntStream.range(0, kept.length)
            .filter(s -> subLayers.get(s).kind() == SubLayerKind.FEED_FORWARD)
            .mapToObj(s -> kept[s])
            .toList();
    return new Allocation(headGroups, channels);
  }

  /** Weight that should go beyond what an allocation removes; negative where it removes more. */
  private double missing(Target target, Allocation allocation) {
    return (target.ratio() - allocation.removedShare(model, target.of()))
        * target.of().reference(model);
  }

  private void requireNear(Target target, Allocation allocation, double step) {
    requireNear(target, allocation, step, constraint.words());
  }

  private void requireNear(Target target, Allocation allocation, double step, String words) {
    if (Math.abs(missing(target, allocation)) > Math.max(step, 1)) {
      double removed = allocation.removedShare(model, target.of());
      throw new InfeasibleTargetException(
          String.format(
              Locale.ROOT,
              "%s takes %s; with that, the nearest to removing %s of %s is %s.",
              constraint.because(),
              words,
              percent(target.ratio()),
              target.of().reference(),
              percent(removed)),
          new Target(Math.min(1, Math.max(0, removed)), target.of()));
    }
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f", share * 100).replaceFirst("\\.?0+$", "") + " %";
  }
}
