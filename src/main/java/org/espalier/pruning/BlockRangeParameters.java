package org.espalier.pruning;

import java.util.List;
import org.espalier.allocation.BlockRange;
import org.espalier.allocation.PrunableModel;
import org.espalier.task.EspalierException;

/** The parameters of methods that leave blocks at both ends of the model whole. */
final class BlockRangeParameters {
  private static final String AUTO = "auto";

  static final MethodParameter FIRST =
      new MethodParameter(
          "firstBlock",
          "First block that is pruned, from 0; auto leaves an eighth of the blocks whole before it,"
              + " as the paper does (4 of 32).",
          AUTO,
          List.of());

  static final MethodParameter LAST =
      new MethodParameter(
          "lastBlock",
          "Last block that is pruned; auto leaves a sixteenth of the blocks whole behind it, as the"
              + " paper does (2 of 32).",
          AUTO,
          List.of());

  private final String method;
  private final String first;
  private final String last;

  private BlockRangeParameters(String method, String first, String last) {
    this.method = method;
    this.first = first;
    this.last = last;
  }

  /**
   * Reads them.
   *
   * @throws EspalierException if one is neither auto nor a whole number
   */
  static BlockRangeParameters of(String method, ParameterValues parameters) {
    for (MethodParameter parameter : List.of(FIRST, LAST)) {
      String value = parameters.text(parameter.name());
      if (!value.equals(AUTO) && !MethodParameter.WHOLE_NUMBER.matcher(value).matches()) {
        throw new EspalierException(
            "Parameter %s of method %s must be auto or a whole number of at least 0, not '%s'."
                .formatted(parameter.name(), method, value));
      }
    }
    return new BlockRangeParameters(
        method, parameters.text(FIRST.name()), parameters.text(LAST.name()));
  }

  /**
   * The blocks of a model that are pruned.
   *
   * @throws EspalierException if the model has no such blocks
   */
  BlockRange of(PrunableModel model) {
    int blocks = model.blocks().size();
    long lowest = first.equals(AUTO) ? Math.round(blocks / 8.0) : Long.parseLong(first);
    long highest =
        last.equals(AUTO) ? blocks - 1 - Math.round(blocks / 16.0) : Long.parseLong(last);
    if (highest >= blocks) {
      throw wrong(LAST, last, 0, blocks - 1);
    }
    if (lowest > highest) {
      throw first.equals(AUTO)
          ? wrong(LAST, last, lowest, blocks - 1)
          : wrong(FIRST, first, 0, highest);
    }
    return new BlockRange((int) lowest, (int) highest + 1);
  }

  private EspalierException wrong(MethodParameter parameter, String value, long from, long to) {
    return new EspalierException(
        "Parameter %s of method %s must be a block from %d to %d here, not '%s'."
            .formatted(parameter.name(), method, from, to, value));
  }
}
