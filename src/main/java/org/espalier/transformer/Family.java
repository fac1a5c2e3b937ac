package org.espalier.transformer;

import java.util.OptionalInt;

/**
 * What sets one decoder family apart from the others, as data.
 *
 * @param modelType value of {@code model_type} in config.json
 * @param architecture class name that config.json gives
 * @param form how its blocks compute
 * @param names how its files name tensors
 * @param attentionBias which attention biases a stock checkpoint has
 * @param feedForwardBiasKey whether {@code mlp_bias} is read
 * @param headsDivideHiddenSize whether Transformers refuses a number of query heads that does not
 *     divide the hidden size, even where the head size is given
 * @param longRopeFixesHeads whether Transformers takes the number of LongRoPE's factors from hidden
 *     size and query heads, so that heads cannot go under that scaling
 * @param window which blocks have a sliding window
 * @param defaults what holds where config.json does not mention it
 */
public record Family(
    String modelType,
    String architecture,
    DecoderForm form,
    TensorNames names,
    AttentionBias attentionBias,
    boolean feedForwardBiasKey,
    boolean headsDivideHiddenSize,
    boolean longRopeFixesHeads,
    Window window,
    Defaults defaults) {
  /** Attention biases of stock checkpoints. */
  public enum AttentionBias {
    NONE,
    /** On query, key, value and output where {@code attention_bias} is true. */
    ALL_IF_CONFIGURED,
    /** On query, key and value. */
    QUERY_KEY_VALUE
  }

  /** Blocks with a sliding window. */
  public enum Window {
    NEVER,
    /** All of them, where {@code sliding_window} is set. */
    EVERY_BLOCK,
    /**
     * Where {@code use_sliding_window} is set, those that {@code layer_types} names, or those from
     * {@code max_window_layers} on.
     */
    BY_BLOCK,
    /** Those that {@code layer_types} names, or all but every n-th. */
    EXCEPT_EVERY_NTH
  }

  /**
   * What Transformers assumes where config.json is silent.
   *
   * @param window length of the sliding window; empty for none
   * @param fullEvery n of {@link Window#EXCEPT_EVERY_NTH}
   * @param tiedEmbeddings whether the head is the embedding
   * @param theta base of the rotary frequencies
   * @param headSize empty where it follows from the hidden size
   * @param attentionCap soft cap of attention scores; 0 for none
   * @param logitCap soft cap of logits; 0 for none
   */
  public record Defaults(
      OptionalInt window,
      int fullEvery,
      boolean tiedEmbeddings,
      double theta,
      OptionalInt headSize,
      double attentionCap,
      double logitCap) {
    private static final double THETA = 10000;

    static final Defaults PLAIN =
        new Defaults(OptionalInt.empty(), 0, false, THETA, OptionalInt.empty(), 0, 0);

    static Defaults window(int length) {
      return new Defaults(OptionalInt.of(length), 0, false, THETA, OptionalInt.empty(), 0, 0);
    }
  }
}
