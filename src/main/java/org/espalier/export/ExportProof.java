package org.espalier.export;

import java.util.List;

/**
 * How files read back compare with the model they were written from.
 *
 * @param ids the tokens that were tried
 * @param largestLogitDifference over all logits of these tokens, to the model rounded to the
 *     element type; for quantised formats to the model as it was
 * @param largestLogit by absolute value, to read the difference against
 * @param sameNextTokens for how many of the tokens the likeliest next one is the same
 * @param comparedTensors tensors of the file that were held one by one against the model
 * @param weightError root of the squared rounding errors as a share of the root of the squared
 *     weights; 0 where the format is not quantised
 */
public record ExportProof(
    List<Integer> ids,
    double largestLogitDifference,
    double largestLogit,
    int sameNextTokens,
    int comparedTensors,
    double weightError) {
  public ExportProof {
    ids = List.copyOf(ids);
  }

  ExportProof withTensors(int compared, double error) {
    return new ExportProof(
        ids, largestLogitDifference, largestLogit, sameNextTokens, compared, error);
  }
}
