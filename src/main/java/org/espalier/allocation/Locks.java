package org.espalier.allocation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.espalier.transformer.SubLayer;

/** The sub-layers that are locked or hand-set; all others are free. */
public record Locks(Map<SubLayer, Hold> holds) {
  public static final Locks NONE = new Locks(Map.of());

  public Locks {
    holds = Map.copyOf(holds);
  }

  public Optional<Hold> of(SubLayer subLayer) {
    return Optional.ofNullable(holds.get(subLayer));
  }

  public boolean isEmpty() {
    return holds.isEmpty();
  }

  public Locks with(SubLayer subLayer, Hold hold) {
    Map<SubLayer, Hold> changed = new HashMap<>(holds);
    changed.put(subLayer, hold);
    return new Locks(changed);
  }

  public Locks without(SubLayer subLayer) {
    Map<SubLayer, Hold> changed = new HashMap<>(holds);
    changed.remove(subLayer);
    return new Locks(changed);
  }
}
