package org.espalier.workbench;

import java.util.List;
import org.espalier.task.EspalierException;

/** The ways to share a target among sub-layers that go with every method. */
public final class Allocators {
  /** As the method itself says. */
  public static final String OWN = "own";

  /** By equal marginal prices. */
  public static final String PRICE = "price";

  private static final List<AllocatorDescription> ALL =
      List.of(
          new AllocatorDescription(
              OWN, "the method's own", "Shares the target among sub-layers as the method says."),
          new AllocatorDescription(
              PRICE,
              "equal prices",
              "Measures on a small slice of the calibration text what each sub-layer costs in"
                  + " log-perplexity at a few ratios, while the others are evenly pruned, and"
                  + " removes units where the next million parameters cost least, until all prices"
                  + " are equal. The method still chooses the units inside a sub-layer. Not for"
                  + " methods that measure later blocks on pruned ones."));

  private Allocators() {}

  static List<AllocatorDescription> all() {
    return ALL;
  }

  public static List<String> names() {
    return ALL.stream().map(AllocatorDescription::name).toList();
  }

  public static boolean isKnown(String name) {
    return names().contains(name);
  }

  /**
   * @throws EspalierException if there is none of that name
   */
  static void require(String name) {
    if (!isKnown(name)) {
      throw new EspalierException(
          "There is no allocator '%s': choose one of %s."
              .formatted(name, String.join(", ", names())));
    }
  }
}
