package org.espalier.transformer;

/**
 * The numbers in a decoder's computation that are not weights.
 *
 * @param normEpsilon added to the mean square in every norm
 * @param normOffset added to the weight of every norm
 * @param embeddingScale factor of every embedding
 * @param activation of the gate
 * @param queryScale factor of every attention score
 * @param attentionCap c where attention scores s become c·tanh(s/c); 0 for none
 * @param logitCap likewise for the logits
 */
public record Arithmetic(
    double normEpsilon,
    double normOffset,
    double embeddingScale,
    DecoderForm.Activation activation,
    double queryScale,
    double attentionCap,
    double logitCap) {
  Arithmetic withEmbeddingScale(double other) {
    return new Arithmetic(
        normEpsilon, normOffset, other, activation, queryScale, attentionCap, logitCap);
  }

  boolean gelu() {
    return activation == DecoderForm.Activation.GELU_TANH;
  }
}
