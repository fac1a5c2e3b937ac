package org.espalier.ui.fake;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.LossCurve;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.Sensitivity;
import org.espalier.transformer.SubLayer;

/** A model that answers to pruning as if every sub-layer cost the square of its removed share. */
final class FakeSensitivity {
  private static final double DENSE = 2;

  private FakeSensitivity() {}

  static Sensitivity of(PrunableModel model) {
    List<Sensitivity.Baseline> baselines = new ArrayList<>();
    for (double share : new double[] {0.3, 0.5}) {
      Allocation even = Allocation.even(model, share);
      double loss = DENSE;
      for (SubLayer subLayer : model.subLayers()) {
        loss += cost(model, subLayer, even.kept(subLayer));
      }
      Map<SubLayer, LossCurve> curves = new HashMap<>();
      for (SubLayer subLayer : model.subLayers()) {
        curves.put(subLayer, curve(model, subLayer, loss, even.kept(subLayer)));
      }
      baselines.add(new Sensitivity.Baseline(even, loss, curves));
    }
    return new Sensitivity(DENSE, baselines);
  }

  private static LossCurve curve(
      PrunableModel model, SubLayer subLayer, double loss, int keptByOthers) {
    int units = model.units(subLayer);
    int[] kept = new int[units + 1];
    double[] losses = new double[units + 1];
    for (int i = 0; i <= units; i++) {
      kept[i] = i;
      losses[i] = loss - cost(model, subLayer, keptByOthers) + cost(model, subLayer, i);
    }
    return new LossCurve(kept, losses);
  }

  /** Sub-layers nearer to the input cost more. */
  private static double cost(PrunableModel model, SubLayer subLayer, int kept) {
    double removed = 1 - kept / (double) model.units(subLayer);
    return removed * removed / (1 + subLayer.block());
  }
}
