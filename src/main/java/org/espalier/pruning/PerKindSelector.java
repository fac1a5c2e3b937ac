package org.espalier.pruning;

import java.util.HashSet;
import java.util.Set;
import org.espalier.statistics.Collector;
import org.espalier.transformer.SubLayerKind;

/** One selector for head groups, another for channels. */
record PerKindSelector(Selector attention, Selector feedForward) implements Selector {
  @Override
  public Set<Collector> collectors() {
    Set<Collector> collectors = new HashSet<>(attention.collectors());
    collectors.addAll(feedForward.collectors());
    return collectors;
  }

  @Override
  public UnitSet select(MeasuredSubLayer subLayer, double[] scores, int kept) {
    Selector selector =
        subLayer.subLayer().kind() == SubLayerKind.ATTENTION ? attention : feedForward;
    return selector.select(subLayer, scores, kept);
  }
}
