package org.espalier.pruning;

import java.util.OptionalInt;
import org.espalier.allocation.BlockRange;
import org.espalier.allocation.PrunableModel;
import org.espalier.task.EspalierException;

/** The parameters of methods that leave blocks at both ends of the model whole. */
final class BlockRangeParameters {
  /** Beyond any model; how far a model goes is told when it is known. */
  private static final int MOST = 10_000;

  static final MethodParameter FIRST =
      MethodParameter.wholeOrAuto(
          "firstBlock",
          "First block that is pruned, counted from 0; auto leaves an eighth of the blocks whole"
              + " before it, as the paper does (4 of 32).",
          0,
          MOST);

  static final MethodParameter LAST =
      MethodParameter.wholeOrAuto(
          "lastBlock",
          "Last block that is pruned; auto leaves a sixteenth of the blocks whole behind it, as the"
              + " paper does (2 of 32).",
          0,
          MOST);

  private final String method;
  private final OptionalInt first;
  private final OptionalInt last;

  private BlockRangeParameters(String method, OptionalInt first, OptionalInt last) {
    this.method = method;
    this.first = first;
    this.last = last;
  }

  /** Reads them. */
  static BlockRangeParameters of(String method, ParameterValues parameters) {
    return new BlockRangeParameters(
        method, parameters.countUnlessAuto(FIRST.name()), parameters.countUnlessAuto(LAST.name()));
  }

  /**
   * The blocks of a model that are pruned.
   *
   * @throws EspalierException if the model has no such blocks
   */
  BlockRange of(PrunableModel model) {
    int blocks = model.blocks().size();
    int lowest = first.orElse((int) Math.round(blocks / 8.0));
    int highest = last.orElse(blocks - 1 - (int) Math.round(blocks / 16.0));
    if (highest >= blocks) {
      throw wrong(LAST, highest, 0, blocks - 1);
    }
    if (lowest > highest) {
      throw first.isEmpty()
          ? wrong(LAST, highest, lowest, blocks - 1)
          : wrong(FIRST, lowest, 0, highest);
    }
    return new BlockRange(lowest, highest + 1);
  }

  private EspalierException wrong(MethodParameter parameter, int value, int from, int to) {
    return new EspalierException(
        "Parameter %s of method %s must be a block from %d to %d here, not '%d'."
            .formatted(parameter.name(), method, from, to, value));
  }
}
