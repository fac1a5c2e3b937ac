package org.espalier.transformer;

import java.util.OptionalInt;

/**
 * What sets one decoder family apart from the others, as data. All share the Llama layout: norm,
 * rotary attention with grouped KV heads, norm, gated SiLU feed-forward.
 *
 * @param modelType value of {@code model_type} in config.json
 * @param architecture class name that config.json gives
 * @param attentionBias which attention biases a stock checkpoint has
 * @param feedForwardBiasKey whether {@code mlp_bias} is read
 * @param headsDivideHiddenSize whether Transformers refuses a number of query heads that does not
 *     divide the hidden size, even where the head size is given
 * @param window which blocks have a sliding window
 * @param defaultWindow window length when config.json does not mention it; empty for none
 */
public record Family(
    String modelType,
    String architecture,
    AttentionBias attentionBias,
    boolean feedForwardBiasKey,
    boolean headsDivideHiddenSize,
    Window window,
    OptionalInt defaultWindow) {
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
    /** Those that {@code layer_types} names, or those from {@code max_window_layers} on. */
    BY_BLOCK
  }
}
