package org.espalier.transformer;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * How a family's blocks compute, as far as that differs from the plain form: norm, rotary attention
 * with grouped KV heads, norm, gated SiLU feed-forward. Families of the same form compute the same
 * from the same tensors, whatever their files look like.
 *
 * @param furtherNorms norms beside those before each sub-layer
 * @param normsAroundOne whether norms multiply by one plus their weight
 * @param activation of the gate
 * @param scaledEmbedding whether embeddings are multiplied by the square root of the hidden size
 * @param ownQueryScale whether {@code query_pre_attn_scalar} replaces the head size in the scale of
 *     attention scores
 * @param softCaps whether attention scores and logits may be soft-capped
 * @param ownWindowAngles whether blocks with a sliding window have rotary angles of their own
 */
public record DecoderForm(
    Set<WeightSlot> furtherNorms,
    boolean normsAroundOne,
    Activation activation,
    boolean scaledEmbedding,
    boolean ownQueryScale,
    boolean softCaps,
    boolean ownWindowAngles) {
  /** What is applied to the gate of the feed-forward sub-layer. */
  public enum Activation {
    SILU("silu"),
    /** GELU by its approximation with tanh. */
    GELU_TANH("gelu_pytorch_tanh");

    private final String key;

    Activation(String key) {
      this.key = key;
    }

    /** As config.json names it. */
    public String key() {
      return key;
    }
  }

  /** The plain form. */
  public static final DecoderForm PLAIN =
      new DecoderForm(Set.of(), false, Activation.SILU, false, false, false, false);

  private static final Set<WeightSlot> HEAD_NORMS =
      EnumSet.of(WeightSlot.QUERY_NORM, WeightSlot.KEY_NORM);
  private static final Set<WeightSlot> POST_NORMS =
      EnumSet.of(WeightSlot.ATTENTION_POST_NORM, WeightSlot.FEED_FORWARD_POST_NORM);

  /** Every query head and every key is normalised before it is rotated. */
  static final DecoderForm WITH_HEAD_NORMS =
      new DecoderForm(HEAD_NORMS, false, Activation.SILU, false, false, false, false);

  /** Gemma 2: norms before and after both sub-layers, all around one; soft caps. */
  static final DecoderForm GEMMA2 =
      new DecoderForm(POST_NORMS, true, Activation.GELU_TANH, true, true, true, false);

  /** Gemma 3: norms of heads as well; other angles within windows. */
  static final DecoderForm GEMMA3 =
      new DecoderForm(
          union(POST_NORMS, HEAD_NORMS), true, Activation.GELU_TANH, true, true, true, true);

  public DecoderForm {
    furtherNorms = Collections.unmodifiableSet(union(furtherNorms, Set.of()));
  }

  private static Set<WeightSlot> union(Set<WeightSlot> first, Set<WeightSlot> second) {
    Set<WeightSlot> both = EnumSet.noneOf(WeightSlot.class);
    both.addAll(first);
    both.addAll(second);
    return both;
  }

  /** Whether blocks have a tensor beside biases, which any block may have. */
  public boolean has(WeightSlot slot) {
    return switch (slot) {
      case QUERY_NORM, KEY_NORM, ATTENTION_POST_NORM, FEED_FORWARD_POST_NORM ->
          furtherNorms.contains(slot);
      default -> true;
    };
  }

  /** Whether outputs of sub-layers are normalised before they are added. */
  public boolean hasPostNorms() {
    return furtherNorms.contains(WeightSlot.ATTENTION_POST_NORM);
  }

  /** Whether query heads and keys are normalised. */
  public boolean hasHeadNorms() {
    return furtherNorms.contains(WeightSlot.QUERY_NORM);
  }
}
