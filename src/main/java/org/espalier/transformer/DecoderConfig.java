package org.espalier.transformer;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.espalier.task.EspalierException;

/**
 * Everything about a decoder that is not a weight.
 *
 * @param family the family that reads its checkpoints
 * @param hiddenSize d, width of the residual stream
 * @param headSize e, width of one attention head
 * @param vocabularySize V, rows of the embedding and of the head
 * @param maximumPositions longest context the model was made for
 * @param arithmetic the numbers in its computation that are not weights
 * @param tiedEmbeddings whether the head is the embedding
 * @param rotary angles of all blocks, or of those without a sliding window
 * @param windowRotary angles of blocks with a sliding window, where they have their own
 * @param slidingWindows one per block: how many latest positions a query sees; 0 means all
 * @param shapes one per block
 * @param blockNumbers one per block, rising: its number in the checkpoint that was first pruned
 * @param beginOfText token id put before a text, if the model has one
 * @param endOfText token ids that end a text
 */
public record DecoderConfig(
    Family family,
    int hiddenSize,
    int headSize,
    int vocabularySize,
    int maximumPositions,
    Arithmetic arithmetic,
    boolean tiedEmbeddings,
    RotaryEmbedding rotary,
    Optional<RotaryEmbedding> windowRotary,
    List<Integer> slidingWindows,
    List<BlockShape> shapes,
    List<Integer> blockNumbers,
    OptionalInt beginOfText,
    List<Integer> endOfText) {
  public DecoderConfig {
    slidingWindows = List.copyOf(slidingWindows);
    shapes = List.copyOf(shapes);
    blockNumbers = List.copyOf(blockNumbers);
    endOfText = List.copyOf(endOfText);
    if (slidingWindows.size() != shapes.size() || blockNumbers.size() != shapes.size()) {
      throw new IllegalArgumentException("one window, one shape and one number for each block");
    }
  }

  /**
   * Refuses a decoder that cannot lose channels of the residual stream.
   *
   * @throws EspalierException if the family scales embeddings by the width of the stream
   */
  public void requireNarrowable() {
    if (family.form().scaledEmbedding()) {
      throw new EspalierException(
          "Models of the family "
              + family.modelType()
              + " multiply embeddings by a number that depends on the hidden size, so their hidden"
              + " channels cannot be removed; prune units of the blocks instead.");
    }
  }

  /** The same with another width of the residual stream. */
  public DecoderConfig withHiddenSize(int other) {
    return new DecoderConfig(
        family,
        other,
        headSize,
        vocabularySize,
        maximumPositions,
        arithmetic,
        tiedEmbeddings,
        rotary,
        windowRotary,
        slidingWindows,
        shapes,
        blockNumbers,
        beginOfText,
        endOfText);
  }

  /** The same with another factor of every embedding. */
  DecoderConfig withEmbeddingScale(double other) {
    return new DecoderConfig(
        family,
        hiddenSize,
        headSize,
        vocabularySize,
        maximumPositions,
        arithmetic.withEmbeddingScale(other),
        tiedEmbeddings,
        rotary,
        windowRotary,
        slidingWindows,
        shapes,
        blockNumbers,
        beginOfText,
        endOfText);
  }

  /** Number of blocks. */
  public int blocks() {
    return shapes.size();
  }

  public BlockShape shape(int block) {
    return shapes.get(block);
  }

  /** Angles of one block. */
  public RotaryEmbedding rotary(int block) {
    return slidingWindows.get(block) > 0 ? windowRotary.orElse(rotary) : rotary;
  }

  /** Added to the mean square in every norm. */
  public double normEpsilon() {
    return arithmetic.normEpsilon();
  }
}
