package org.espalier.allocation;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * The sizes an allocator needs, without any tensor.
 *
 * @param blocks per block, its units and what each costs
 * @param layerParameters parameters of all decoder blocks, norms and biases included
 * @param totalParameters parameters of the whole model, embeddings included (tied ones once)
 * @param headSize rows of a projection that make one head; only published rounding asks for it
 * @param hidden channels of the residual stream
 * @param numbers of the blocks in the original checkpoint: this one may have lost some before
 */
public record PrunableModel(
    List<Block> blocks,
    long layerParameters,
    long totalParameters,
    int headSize,
    HiddenChannels hidden,
    List<Integer> numbers) {
  /** Of published heads, which have 128 rows, and of a hidden size that plays no part. */
  public PrunableModel(List<Block> blocks, long layerParameters, long totalParameters) {
    this(blocks, layerParameters, totalParameters, 128, HiddenChannels.UNKNOWN);
  }

  /** Of a checkpoint that has lost no block before. */
  public PrunableModel(
      List<Block> blocks,
      long layerParameters,
      long totalParameters,
      int headSize,
      HiddenChannels hidden) {
    this(
        blocks,
        layerParameters,
        totalParameters,
        headSize,
        hidden,
        IntStream.range(0, blocks.size()).boxed().toList());
  }

  public PrunableModel {
    blocks = List.copyOf(blocks);
    numbers = List.copyOf(numbers);
    if (numbers.size() != blocks.size()) {
      throw new IllegalArgumentException("one number for each block");
    }
  }

  /**
   * One block.
   *
   * @param headGroups KV head groups
   * @param parametersPerHeadGroup parameters removed with one head group, biases included
   * @param channels feed-forward channels
   * @param parametersPerChannel parameters removed with one channel, biases included
   */
  public record Block(
      int headGroups, long parametersPerHeadGroup, int channels, long parametersPerChannel) {
    /** Parameters of all units of the block. */
    public long prunableParameters() {
      return headGroups * parametersPerHeadGroup + channels * parametersPerChannel;
    }
  }

  /** All sub-layers from the input to the output: attention 0, feed-forward 0, attention 1, ... */
  public List<SubLayer> subLayers() {
    return IntStream.range(0, blocks.size())
        .boxed()
        .flatMap(block -> Stream.of(SubLayer.attention(block), SubLayer.feedForward(block)))
        .toList();
  }

  /** What people call a block: its number in the original checkpoint. */
  public int number(int block) {
    return numbers.get(block);
  }

  /** The block that people call so, if there is one. */
  public OptionalInt blockNumbered(int number) {
    int block = numbers.indexOf(number);
    return block < 0 ? OptionalInt.empty() : OptionalInt.of(block);
  }

  /** For people: "0 to 7", or every number where some are missing. */
  public String numbersInWords() {
    int last = blocks.size() - 1;
    return last >= 0 && number(last) == last
        ? "0 to " + last
        : numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  /** For people: "attention of block 3". */
  public String label(SubLayer subLayer) {
    return new SubLayer(number(subLayer.block()), subLayer.kind()).label();
  }

  public int units(SubLayer subLayer) {
    Block block = blocks.get(subLayer.block());
    return subLayer.kind() == SubLayerKind.ATTENTION ? block.headGroups() : block.channels();
  }

  public long parametersPerUnit(SubLayer subLayer) {
    Block block = blocks.get(subLayer.block());
    return subLayer.kind() == SubLayerKind.ATTENTION
        ? block.parametersPerHeadGroup()
        : block.parametersPerChannel();
  }

  /** Parameters of all units: the reference of {@link RatioDefinition#PRUNABLE}. */
  public long prunableParameters() {
    return blocks.stream().mapToLong(Block::prunableParameters).sum();
  }

  /** Head groups and channels of all blocks: the reference of {@link RatioDefinition#UNIT}. */
  public long units() {
    long sum = 0;
    for (Block block : blocks) {
      sum += block.headGroups() + block.channels();
    }
    return sum;
  }
}
