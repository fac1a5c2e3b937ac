package org.espalier.export;

import java.util.List;
import java.util.stream.Collectors;
import org.espalier.task.EspalierException;

/** The export targets. A new one is one more entry here. */
public final class ExportTargets {
  private static final ExportTarget PER_LAYER = new PerLayerTarget();
  private static final List<ExportTarget> ALL =
      List.of(
          new StockTarget(),
          PER_LAYER,
          new GgufTarget(),
          new OllamaTarget(),
          new VllmTarget(),
          new ZeroPaddedTarget());

  private ExportTargets() {}

  /** All targets; the most widely readable first. */
  public static List<ExportTarget> all() {
    return ALL;
  }

  /** The target that runs are kept in: it holds widths that differ from block to block. */
  public static ExportTarget perLayer() {
    return PER_LAYER;
  }

  /**
   * A target by its name.
   *
   * @throws EspalierException naming the known ones
   */
  public static ExportTarget named(String name) {
    return ALL.stream()
        .filter(target -> target.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new EspalierException(
                    "There is no export target '"
                        + name
                        + "'; choose one of "
                        + ALL.stream().map(ExportTarget::name).collect(Collectors.joining(", "))
                        + "."));
  }

  /** The most widely readable target that can hold a model; one always can. */
  public static ExportTarget fitting(ModelOutline model) {
    return ALL.stream()
        .filter(target -> target.refusal(model).isEmpty())
        .findFirst()
        .orElseThrow(
            () -> new EspalierException(ALL.get(ALL.size() - 1).refusal(model).orElseThrow()));
  }
}
