package org.espalier.transformer;

/** The tensors that one decoder block may have. */
public enum WeightSlot {
  /** Weight of the norm before attention, [d]. */
  ATTENTION_NORM("input_layernorm.weight"),
  /** [H*e, d]. */
  QUERY("self_attn.q_proj.weight"),
  /** [G*e, d]. */
  KEY("self_attn.k_proj.weight"),
  /** [G*e, d]. */
  VALUE("self_attn.v_proj.weight"),
  /** [d, H*e]. */
  OUTPUT("self_attn.o_proj.weight"),
  /** [H*e]. */
  QUERY_BIAS("self_attn.q_proj.bias"),
  /** [G*e]. */
  KEY_BIAS("self_attn.k_proj.bias"),
  /** [G*e]. */
  VALUE_BIAS("self_attn.v_proj.bias"),
  /** [d]; may stand alone where attention was removed with a compensation. */
  OUTPUT_BIAS("self_attn.o_proj.bias"),
  /** Weight of the norm before the feed-forward sub-layer, [d]. */
  FEED_FORWARD_NORM("post_attention_layernorm.weight"),
  /** [I, d]. */
  GATE("mlp.gate_proj.weight"),
  /** [I, d]. */
  UP("mlp.up_proj.weight"),
  /** [d, I]. */
  DOWN("mlp.down_proj.weight"),
  /** [I]. */
  GATE_BIAS("mlp.gate_proj.bias"),
  /** [I]. */
  UP_BIAS("mlp.up_proj.bias"),
  /** [d]; may stand alone where the feed-forward sub-layer was removed with a compensation. */
  DOWN_BIAS("mlp.down_proj.bias");

  private final String suffix;

  WeightSlot(String suffix) {
    this.suffix = suffix;
  }

  /** The tensor's name in a checkpoint, for example {@code model.layers.0.mlp.up_proj.weight}. */
  public String tensorName(int block) {
    return "model.layers." + block + "." + suffix;
  }

  /** The sub-layer it belongs to. */
  public SubLayerKind kind() {
    return this == FEED_FORWARD_NORM || suffix.startsWith("mlp.")
        ? SubLayerKind.FEED_FORWARD
        : SubLayerKind.ATTENTION;
  }

  /** The projection that takes a sub-layer's units back to the residual stream. */
  public static WeightSlot output(SubLayerKind kind) {
    return kind == SubLayerKind.ATTENTION ? OUTPUT : DOWN;
  }

  /** The bias that is added to a sub-layer's output. */
  public static WeightSlot outputBias(SubLayerKind kind) {
    return kind == SubLayerKind.ATTENTION ? OUTPUT_BIAS : DOWN_BIAS;
  }

  public boolean isBias() {
    return suffix.endsWith(".bias");
  }

  /** Whether it is added to the sub-layer's output, and so works without the other tensors. */
  public boolean isOutputBias() {
    return this == OUTPUT_BIAS || this == DOWN_BIAS;
  }

  /**
   * The shape that the tensor must have.
   *
   * @param hiddenSize d
   * @param headSize e
   */
  public long[] dimensions(BlockShape shape, int hiddenSize, int headSize) {
    long queries = (long) shape.queryHeads() * headSize;
    long keys = (long) shape.headGroups() * headSize;
    long channels = shape.channels();
    return switch (this) {
      case ATTENTION_NORM, FEED_FORWARD_NORM, OUTPUT_BIAS, DOWN_BIAS -> new long[] {hiddenSize};
      case QUERY -> new long[] {queries, hiddenSize};
      case KEY, VALUE -> new long[] {keys, hiddenSize};
      case OUTPUT -> new long[] {hiddenSize, queries};
      case QUERY_BIAS -> new long[] {queries};
      case KEY_BIAS, VALUE_BIAS -> new long[] {keys};
      case GATE, UP -> new long[] {channels, hiddenSize};
      case DOWN -> new long[] {hiddenSize, channels};
      case GATE_BIAS, UP_BIAS -> new long[] {channels};
    };
  }
}
