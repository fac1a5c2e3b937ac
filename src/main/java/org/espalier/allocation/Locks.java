package org.espalier.allocation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.espalier.transformer.SubLayer;

/**
 * What a person decided and the re-solve goes around.
 *
 * @param holds the sub-layers that are locked or hand-set; all others are free
 * @param picked single units kept or dropped by hand; a sub-layer without any is not in it
 */
public record Locks(Map<SubLayer, Hold> holds, Map<SubLayer, HandPicked> picked) {
  public static final Locks NONE = new Locks(Map.of(), Map.of());

  public Locks {
    holds = Map.copyOf(holds);
    picked = Map.copyOf(picked);
  }

  /** Without units picked by hand. */
  public Locks(Map<SubLayer, Hold> holds) {
    this(holds, Map.of());
  }

  public Optional<Hold> of(SubLayer subLayer) {
    return Optional.ofNullable(holds.get(subLayer));
  }

  /** Units of a sub-layer kept or dropped by hand. */
  public HandPicked pickedOf(SubLayer subLayer) {
    return picked.getOrDefault(subLayer, HandPicked.NONE);
  }

  public boolean isEmpty() {
    return holds.isEmpty() && picked.isEmpty();
  }

  public Locks with(SubLayer subLayer, Hold hold) {
    Map<SubLayer, Hold> changed = new HashMap<>(holds);
    changed.put(subLayer, hold);
    return new Locks(changed, picked);
  }

  public Locks without(SubLayer subLayer) {
    Map<SubLayer, Hold> changed = new HashMap<>(holds);
    changed.remove(subLayer);
    return new Locks(changed, picked);
  }

  /** With these units of a sub-layer picked, instead of others picked there before. */
  public Locks withPicked(SubLayer subLayer, HandPicked units) {
    Map<SubLayer, HandPicked> changed = new HashMap<>(picked);
    if (units.isEmpty()) {
      changed.remove(subLayer);
    } else {
      changed.put(subLayer, units);
    }
    return new Locks(holds, changed);
  }
}
