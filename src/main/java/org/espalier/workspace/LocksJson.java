package org.espalier.workspace;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.espalier.allocation.HandPicked;
import org.espalier.allocation.Hold;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.pruning.UnitSet;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/** How locks are written in JSON and CSV. Wrong content is an IllegalArgumentException. */
final class LocksJson {
  private static final int MOST_UNITS = 10_000_000;

  /** A locked or hand-set sub-layer. */
  record HeldSubLayer(int block, String subLayer, int keptUnits, boolean editable) {}

  /** Units picked by hand, as ranges ("0-3,5"). */
  record PickedUnits(int block, String subLayer, String keep, String drop) {}

  /** From the input to the output, attention before feed-forward. */
  static final Comparator<SubLayer> ORDER =
      Comparator.comparingInt(SubLayer::block).thenComparing(SubLayer::kind);

  private LocksJson() {}

  static List<HeldSubLayer> held(Locks locks) {
    return locks.holds().entrySet().stream()
        .map(
            entry ->
                new HeldSubLayer(
                    entry.getKey().block(),
                    label(entry.getKey().kind()),
                    entry.getValue().keptUnits(),
                    entry.getValue().editable()))
        .sorted(Comparator.comparing(HeldSubLayer::block).thenComparing(HeldSubLayer::subLayer))
        .toList();
  }

  static List<PickedUnits> picked(Locks locks) {
    return locks.picked().entrySet().stream()
        .map(
            entry ->
                new PickedUnits(
                    entry.getKey().block(),
                    label(entry.getKey().kind()),
                    ranges(entry.getValue().kept()),
                    ranges(entry.getValue().dropped())))
        .sorted(Comparator.comparing(PickedUnits::block).thenComparing(PickedUnits::subLayer))
        .toList();
  }

  static Locks locks(List<HeldSubLayer> held, List<PickedUnits> picked) {
    Map<SubLayer, Hold> holds = new HashMap<>();
    for (HeldSubLayer entry : held) {
      SubLayer subLayer = new SubLayer(entry.block(), kind(entry.subLayer()));
      if (holds.put(subLayer, new Hold(entry.keptUnits(), entry.editable())) != null) {
        throw new IllegalArgumentException("a sub-layer of block " + entry.block() + " twice");
      }
    }
    Map<SubLayer, HandPicked> units = new HashMap<>();
    for (PickedUnits entry : picked) {
      SubLayer subLayer = new SubLayer(entry.block(), kind(entry.subLayer()));
      HandPicked byHand = new HandPicked(units(entry.keep()), units(entry.drop()));
      if (units.put(subLayer, byHand) != null) {
        throw new IllegalArgumentException("units of block " + entry.block() + " twice");
      }
    }
    return new Locks(holds, units);
  }

  static String label(SubLayerKind kind) {
    return kind == SubLayerKind.ATTENTION ? "attention" : "feedForward";
  }

  static SubLayerKind kind(String label) {
    return switch (label) {
      case "attention" -> SubLayerKind.ATTENTION;
      case "feedForward" -> SubLayerKind.FEED_FORWARD;
      default -> throw new IllegalArgumentException("unknown sub-layer " + label);
    };
  }

  static RatioDefinition ratioDefinition(String label) {
    for (RatioDefinition definition : RatioDefinition.values()) {
      if (definition.label().equals(label)) {
        return definition;
      }
    }
    throw new IllegalArgumentException("unknown ratio definition " + label);
  }

  static String ranges(Set<Integer> units) {
    return UnitSet.of(units.stream().mapToInt(Integer::intValue).toArray()).toString();
  }

  static Set<Integer> units(String ranges) {
    return Arrays.stream(UnitSet.parse(ranges, MOST_UNITS).toArray())
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
