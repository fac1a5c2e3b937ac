package org.espalier.ui.heatmap;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/** Which sub-layers are chosen to be acted on together. */
public final class RowSelection {
  private final ReadOnlyObjectWrapper<Set<SubLayer>> chosen = new ReadOnlyObjectWrapper<>(Set.of());
  private SubLayer anchor = SubLayer.attention(0);

  /** In the order of choosing. */
  public ReadOnlyObjectProperty<Set<SubLayer>> chosen() {
    return chosen.getReadOnlyProperty();
  }

  public boolean contains(SubLayer subLayer) {
    return chosen.get().contains(subLayer);
  }

  public boolean isEmpty() {
    return chosen.get().isEmpty();
  }

  /** Where the next {@link #extendTo} begins. */
  public void startAt(SubLayer subLayer) {
    anchor = subLayer;
  }

  /** Adds these, or takes them out when all are chosen. */
  public void toggle(List<SubLayer> subLayers) {
    Set<SubLayer> changed = new LinkedHashSet<>(chosen.get());
    if (changed.containsAll(subLayers)) {
      subLayers.forEach(changed::remove);
    } else {
      changed.addAll(subLayers);
    }
    anchor = subLayers.get(0);
    chosen.set(changed);
  }

  /**
   * Chooses all from the anchor to a block, of some kinds.
   *
   * @param kinds of sub-layers
   */
  public void extendTo(int block, List<SubLayerKind> kinds) {
    Set<SubLayer> range = new LinkedHashSet<>();
    int step = block < anchor.block() ? -1 : 1;
    for (int b = anchor.block(); b != block + step; b += step) {
      for (SubLayerKind kind : kinds) {
        range.add(new SubLayer(b, kind));
      }
    }
    chosen.set(range);
  }

  public void choose(List<SubLayer> subLayers) {
    chosen.set(new LinkedHashSet<>(subLayers));
  }

  public void clear() {
    if (!chosen.get().isEmpty()) {
      chosen.set(Set.of());
    }
  }
}
