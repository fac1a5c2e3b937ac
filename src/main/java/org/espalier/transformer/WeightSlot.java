package org.espalier.transformer;

import java.util.Arrays;
import java.util.OptionalInt;

/**
 * The tensors that one decoder block may have. How files name them is up to {@link TensorNames}.
 */
public enum WeightSlot {
  /** Weight of the norm before attention, [d]. */
  ATTENTION_NORM(SubLayerKind.ATTENTION, Role.NORM),
  /** [H*e, d]. */
  QUERY(SubLayerKind.ATTENTION, Role.PROJECTION),
  /** [G*e, d]. */
  KEY(SubLayerKind.ATTENTION, Role.PROJECTION),
  /** [G*e, d]. */
  VALUE(SubLayerKind.ATTENTION, Role.PROJECTION),
  /** [d, H*e]. */
  OUTPUT(SubLayerKind.ATTENTION, Role.PROJECTION),
  /** [H*e]. */
  QUERY_BIAS(SubLayerKind.ATTENTION, Role.BIAS),
  /** [G*e]. */
  KEY_BIAS(SubLayerKind.ATTENTION, Role.BIAS),
  /** [G*e]. */
  VALUE_BIAS(SubLayerKind.ATTENTION, Role.BIAS),
  /** [d]; may stand alone where attention was removed with a compensation. */
  OUTPUT_BIAS(SubLayerKind.ATTENTION, Role.OUTPUT_BIAS),
  /** Weight of the norm of every query head, [e]. */
  QUERY_NORM(SubLayerKind.ATTENTION, Role.NORM),
  /** Weight of the norm of every KV head's key, [e]. */
  KEY_NORM(SubLayerKind.ATTENTION, Role.NORM),
  /** Weight of the norm of attention's output, bias included, [d]. */
  ATTENTION_POST_NORM(SubLayerKind.ATTENTION, Role.POST_NORM),
  /** Weight of the norm before the feed-forward sub-layer, [d]. */
  FEED_FORWARD_NORM(SubLayerKind.FEED_FORWARD, Role.NORM),
  /** [I, d]. */
  GATE(SubLayerKind.FEED_FORWARD, Role.PROJECTION),
  /** [I, d]. */
  UP(SubLayerKind.FEED_FORWARD, Role.PROJECTION),
  /** [d, I]. */
  DOWN(SubLayerKind.FEED_FORWARD, Role.PROJECTION),
  /** [I]. */
  GATE_BIAS(SubLayerKind.FEED_FORWARD, Role.BIAS),
  /** [I]. */
  UP_BIAS(SubLayerKind.FEED_FORWARD, Role.BIAS),
  /** [d]; may stand alone where the feed-forward sub-layer was removed with a compensation. */
  DOWN_BIAS(SubLayerKind.FEED_FORWARD, Role.OUTPUT_BIAS),
  /** Weight of the norm of the feed-forward sub-layer's output, bias included, [d]. */
  FEED_FORWARD_POST_NORM(SubLayerKind.FEED_FORWARD, Role.POST_NORM);

  private enum Role {
    PROJECTION,
    BIAS,
    OUTPUT_BIAS,
    NORM,
    POST_NORM
  }

  private final SubLayerKind kind;
  private final Role role;

  WeightSlot(SubLayerKind kind, Role role) {
    this.kind = kind;
    this.role = role;
  }

  /** The sub-layer it belongs to. */
  public SubLayerKind kind() {
    return kind;
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
    return role == Role.BIAS || role == Role.OUTPUT_BIAS;
  }

  /** Whether it is added to the sub-layer's output, and so works without the other tensors. */
  public boolean isOutputBias() {
    return role == Role.OUTPUT_BIAS;
  }

  /** Whether it normalises the sub-layer's output, and so works on a lone output bias too. */
  public boolean isPostNorm() {
    return role == Role.POST_NORM;
  }

  /** Whether it is the weight of a norm, which loses nothing with units. */
  public boolean isNorm() {
    return role == Role.NORM || role == Role.POST_NORM;
  }

  /**
   * The dimension of the tensor that runs along the channels of the residual stream; empty if none
   * does.
   */
  public OptionalInt hiddenDimension() {
    return switch (this) {
      case QUERY, KEY, VALUE, GATE, UP -> OptionalInt.of(1);
      case OUTPUT,
          DOWN,
          OUTPUT_BIAS,
          DOWN_BIAS,
          ATTENTION_NORM,
          ATTENTION_POST_NORM,
          FEED_FORWARD_NORM,
          FEED_FORWARD_POST_NORM ->
          OptionalInt.of(0);
      case QUERY_BIAS, KEY_BIAS, VALUE_BIAS, QUERY_NORM, KEY_NORM, GATE_BIAS, UP_BIAS ->
          OptionalInt.empty();
    };
  }

  /** How many numbers the tensor holds, see {@link #dimensions}. */
  public long elements(BlockShape shape, int hiddenSize, int headSize) {
    return Arrays.stream(dimensions(shape, hiddenSize, headSize)).reduce(1, (a, b) -> a * b);
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
      case ATTENTION_NORM,
          ATTENTION_POST_NORM,
          FEED_FORWARD_NORM,
          FEED_FORWARD_POST_NORM,
          OUTPUT_BIAS,
          DOWN_BIAS ->
          new long[] {hiddenSize};
      case QUERY_NORM, KEY_NORM -> new long[] {headSize};
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
