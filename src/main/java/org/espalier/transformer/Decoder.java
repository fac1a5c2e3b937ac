package org.espalier.transformer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.checkpoint.DType;
import org.espalier.task.Progress;
import org.espalier.torch.Devices;
import org.espalier.torch.Kernels;
import org.espalier.torch.TensorDictionary;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;

/**
 * A decoder-only language model run block by block. Every method that returns an array needs an
 * open {@link TorchScope} on the decoder's device and puts the array into it. Safe to use from
 * several threads at once.
 *
 * <pre>{@code
 * try (Decoder decoder = Decoder.open(checkpoint, device, BlockPlacement.STREAMED);
 *     TorchScope scope = TorchScope.open(device)) {
 *   NDArray logits = decoder.logits(decoder.forward(scope.tokens(windows), Progress.SILENT));
 * }
 * }</pre>
 */
public final class Decoder implements AutoCloseable {
  static final String KERNELS = "torchscript/decoder.py";

  private final DecoderConfig config;
  private final DecoderEnds ends;
  private final BlockSource blocks;
  private final Runnable release;

  private Decoder(DecoderConfig config, DecoderEnds ends, BlockSource blocks, Runnable release) {
    this.config = config;
    this.ends = ends;
    this.blocks = blocks;
    this.release = release;
  }

  /**
   * Opens the model in a checkpoint; the checkpoint may be closed before the decoder.
   *
   * @throws org.espalier.task.EspalierException if its family is not supported or its parts
   *     contradict each other
   */
  public static Decoder open(Checkpoint checkpoint, Device device, BlockPlacement placement) {
    DecoderLayout layout = DecoderLayout.of(checkpoint);
    DecoderEnds ends = new DecoderEnds(layout, device);
    try {
      BlockSource blocks = CheckpointBlocks.open(layout, ends.files(), device, placement);
      return new Decoder(
          layout.config(),
          ends,
          blocks,
          () -> {
            blocks.close();
            ends.close();
          });
    } catch (RuntimeException e) {
      ends.close();
      throw e;
    }
  }

  /**
   * The same model with other blocks, for example masked or cut ones. It shares everything else
   * with this decoder, which must stay open; closing it closes nothing.
   */
  public Decoder withBlocks(BlockSource other) {
    return new Decoder(config, ends, other, () -> {});
  }

  /**
   * The same model on some channels of the residual stream: embedding, norms, head and every matrix
   * of a block lose the rows or columns of the others, and norms divide by the channels that are
   * left. This decoder must stay open; close the other one before it.
   *
   * @param channels ascending indices of those that stay
   * @throws org.espalier.task.EspalierException if the family scales embeddings by the width of the
   *     stream, so that fewer channels would be another computation
   */
  public Decoder narrowed(int[] channels) {
    config.requireNarrowable();
    long[] kept = Arrays.stream(channels).asLongStream().toArray();
    DecoderEnds narrow = ends.narrowed(kept);
    return new Decoder(
        config.withHiddenSize(channels.length),
        narrow,
        new NarrowedBlocks(blocks, kept),
        narrow::close);
  }

  /**
   * As {@link #narrowed}, with all shapes as they are: nothing is read from or written to the other
   * channels. Norms divide by all d channels where those of the narrowed model divide by the k that
   * stay, so the stream runs sqrt(d/k) times as large here; then both compute the same.
   *
   * @param channels ascending indices of those that stay
   */
  public Decoder masked(int[] channels) {
    config.requireNarrowable();
    int all = config.hiddenSize();
    double scale = Math.sqrt((double) all / channels.length);
    long[] removed =
        LongStream.range(0, all)
            .filter(channel -> Arrays.binarySearch(channels, (int) channel) < 0)
            .toArray();
    DecoderEnds masked = ends.masked(removed, 1 / scale);
    return new Decoder(
        config.withEmbeddingScale(config.arithmetic().embeddingScale() * scale),
        masked,
        new MaskedChannels(blocks, removed, scale),
        masked::close);
  }

  /** The embedding, [V, d] float32, in the innermost scope; read-only. */
  public NDArray embeddingTable() {
    return TorchFunctions.convert(ends.embedding(), DType.F32);
  }

  /** Weight of the final norm, [d] float32; read-only, lives as long as this decoder. */
  public NDArray finalNorm() {
    return ends.norm();
  }

  /** The head, [V, d] float32; read-only, lives as long as this decoder. */
  public NDArray head() {
    return ends.head();
  }

  /**
   * The same model for many short passes, such as generation: blocks stay loaded as float32 from
   * their first use if half of the device's free memory has room for them, and come from this
   * decoder's blocks each time if not. Close it before this decoder; that frees what it held.
   */
  public Decoder forManyPasses() {
    OptionalLong free = Devices.freeBytes(device());
    if (free.isPresent() && float32Bytes() > free.getAsLong() / 2) {
      return withBlocks(blocks);
    }
    BlockSource held = new HeldBlocks(blocks, false);
    return new Decoder(config, ends, held, held::close);
  }

  private long float32Bytes() {
    long elements = 0;
    for (int block = 0; block < blocks.blocks(); block++) {
      for (WeightSlot slot : WeightSlot.values()) {
        if (config.family().form().has(slot)) {
          elements += slot.elements(blocks.shape(block), config.hiddenSize(), config.headSize());
        }
      }
    }
    return 4 * elements;
  }

  /** The configuration of the checkpoint; widths of the present blocks are in {@link #blocks}. */
  public DecoderConfig config() {
    return config;
  }

  /** The blocks that {@link #forward} runs. */
  public BlockSource blocks() {
    return blocks;
  }

  public Device device() {
    return ends.device();
  }

  /** Hidden state before the first block, [B, T, d], of token ids [B, T] (int64). */
  public NDArray embed(NDArray ids) {
    return enter(embeddings(ids));
  }

  /** Rows of the embedding as they are stored, [B, T, d] float32, of token ids [B, T] (int64). */
  public NDArray embeddings(NDArray ids) {
    return Kernels.of(KERNELS).call("embeddings", ids, ends.embedding());
  }

  /** Hidden state before the first block, [B, T, d], from rows of the embedding. */
  public NDArray enter(NDArray embeddings) {
    double scale = config.arithmetic().embeddingScale();
    return scale == 1 ? embeddings : Kernels.of(KERNELS).call("scaled", embeddings, scale);
  }

  /** Hidden state after one block, [B, T, d], from the one before it. */
  public NDArray forward(int block, BlockWeights weights, NDArray hidden) {
    try (TorchScope scope = TorchScope.open()) {
      Positions positions = positions(block, hidden);
      return scope.keep(
          whole(weights, hidden, positions.cosines(), positions.sines(), positions.mask()));
    }
  }

  /**
   * Hidden state after one block, [B, T, d], of rows that branch.
   *
   * @param branches of {@link #branches}, for rows of the same shape as {@code hidden}
   */
  public NDArray forward(int block, BlockWeights weights, NDArray hidden, Branches branches) {
    Branches.Angles angles = branches.angles(block);
    return whole(
        weights,
        hidden,
        angles.cosines(),
        angles.sines(),
        branches.mask(config.slidingWindows().get(block)));
  }

  private NDArray whole(
      BlockWeights weights, NDArray hidden, NDArray cosines, NDArray sines, NDArray mask) {
    Arithmetic numbers = config.arithmetic();
    return Kernels.of(KERNELS)
        .call(
            "block",
            hidden,
            weights.named(),
            cosines,
            sines,
            mask,
            config.headSize(),
            numbers.normEpsilon(),
            numbers.normOffset(),
            numbers.queryScale(),
            numbers.attentionCap(),
            numbers.gelu());
  }

  /**
   * Prepares rows that branch, see {@link Branches}.
   *
   * @param positions [B, T]
   * @param branches [B, T]
   */
  public Branches branches(int[][] positions, int[][] branches) {
    return new Branches(ends.rotary(), new TensorStore(device()), positions, branches);
  }

  /** As {@link #forward(int, BlockWeights, NDArray)}, bit for bit, and shows the activations. */
  public NDArray forward(
      int block, BlockWeights weights, NDArray hidden, SubLayerObserver observer) {
    try (TorchScope scope = TorchScope.open()) {
      TensorDictionary named = weights.named();
      NDArray middle = observedAttention(block, weights, named, hidden, observer);
      NDArray result = observedFeedForward(block, weights, named, middle, observer);
      return scope.keep(result);
    }
  }

  private NDArray observedAttention(
      int block,
      BlockWeights weights,
      TensorDictionary named,
      NDArray hidden,
      SubLayerObserver observer) {
    Positions positions = positions(block, hidden);
    Arithmetic numbers = config.arithmetic();
    Object[] arguments = {
      hidden,
      named,
      positions.cosines(),
      positions.sines(),
      positions.mask(),
      config.headSize(),
      numbers.normEpsilon(),
      numbers.normOffset(),
      numbers.queryScale(),
      numbers.attentionCap()
    };
    if (weights.shape().headGroups() == 0) {
      return Kernels.of(KERNELS).call("attention", arguments);
    }
    NDList parts = Kernels.of(KERNELS).callForList("observed_attention", arguments);
    observer.observe(SubLayer.attention(block), activations(hidden, parts));
    return parts.get(3);
  }

  private NDArray observedFeedForward(
      int block,
      BlockWeights weights,
      TensorDictionary named,
      NDArray hidden,
      SubLayerObserver observer) {
    Arithmetic numbers = config.arithmetic();
    Object[] arguments = {
      hidden, named, numbers.normEpsilon(), numbers.normOffset(), numbers.gelu()
    };
    if (weights.shape().channels() == 0) {
      return Kernels.of(KERNELS).call("feed_forward", arguments);
    }
    NDList parts = Kernels.of(KERNELS).callForList("observed_feed_forward", arguments);
    observer.observe(SubLayer.feedForward(block), activations(hidden, parts));
    return parts.get(3);
  }

  /**
   * Hidden state after the last block, [B, T, d], of token ids [B, T].
   *
   * @param progress told after every block
   */
  public NDArray forward(NDArray ids, Progress progress) {
    return run(ids, progress, (block, weights, hidden) -> forward(block, weights, hidden));
  }

  /** As {@link #forward(NDArray, Progress)}, and shows the activations of every sub-layer. */
  public NDArray forward(NDArray ids, SubLayerObserver observer, Progress progress) {
    return run(
        ids, progress, (block, weights, hidden) -> forward(block, weights, hidden, observer));
  }

  private interface BlockStep {
    NDArray apply(int block, BlockWeights weights, NDArray hidden);
  }

  private NDArray run(NDArray ids, Progress progress, BlockStep step) {
    NDArray hidden = embed(ids);
    for (int block = 0; block < blocks.blocks(); block++) {
      progress.report("Block " + (block + 1) + " of " + blocks.blocks(), block, blocks.blocks());
      try (BlockWeights weights = blocks.load(block)) {
        NDArray next = step.apply(block, weights, hidden);
        hidden.close();
        hidden = next;
      }
    }
    return hidden;
  }

  /** Scores of the next token, [B, T, V] float32, from the hidden state after the last block. */
  public NDArray logits(NDArray hidden) {
    return logits(hidden, ends.norm(), ends.head());
  }

  /**
   * As {@link #logits(NDArray)} with other weights behind the blocks.
   *
   * @param norm weight of the final norm, [d]
   * @param head any rows of the head, [N, d]
   * @return [B, T, N]
   */
  public NDArray logits(NDArray hidden, NDArray norm, NDArray head) {
    Arithmetic numbers = config.arithmetic();
    return Kernels.of(KERNELS)
        .call(
            "logits",
            hidden,
            norm,
            head,
            numbers.normEpsilon(),
            numbers.normOffset(),
            numbers.logitCap());
  }

  /**
   * Runs new tokens [B, T] after those in a cache, and adds them to it. Where the rotary angles
   * depend on the length of the text, keys keep the angles of the length that they came with.
   *
   * @return hidden state of the new positions after the last block, [B, T, d]
   * @throws IllegalArgumentException if the cache has no room for them
   */
  public NDArray extend(NDArray ids, KeyValueCache cache) {
    int length = Math.toIntExact(ids.getShape().get(1));
    cache.requireRoom(length);
    try (TorchScope scope = TorchScope.open()) {
      Arithmetic numbers = config.arithmetic();
      NDArray hidden = embed(ids);
      RotaryTable table = null;
      NDArray cosines = null;
      NDArray sines = null;
      for (int block = 0; block < blocks.blocks(); block++) {
        RotaryTable own = ends.rotary().of(block, cache.length() + length);
        if (own != table) {
          table = own;
          cosines = table.cosines(cache.length(), length);
          sines = table.sines(cache.length(), length);
        }
        try (BlockWeights weights = blocks.load(block)) {
          NDArray next =
              Kernels.of(KERNELS)
                  .callForReading(
                      "cached_block",
                      hidden,
                      weights.named(),
                      cosines,
                      sines,
                      cache.keys(block),
                      cache.values(block),
                      cache.length(),
                      config.slidingWindows().get(block),
                      config.headSize(),
                      numbers.normEpsilon(),
                      numbers.normOffset(),
                      numbers.queryScale(),
                      numbers.attentionCap(),
                      numbers.gelu());
          hidden.close();
          hidden = next;
        }
      }
      cache.advance(length);
      return scope.keep(hidden);
    }
  }

  /** The hidden state after the final norm, [B, T, d]. */
  public NDArray normalise(NDArray hidden) {
    Arithmetic numbers = config.arithmetic();
    return Kernels.of(KERNELS)
        .call("normalise", hidden, ends.norm(), numbers.normEpsilon(), numbers.normOffset());
  }

  private record Positions(NDArray cosines, NDArray sines, NDArray mask) {}

  /** Angles of the positions, and a mask where the causal one of plain attention does not do. */
  private Positions positions(int block, NDArray hidden) {
    int length = Math.toIntExact(hidden.getShape().get(1));
    int window = config.slidingWindows().get(block);
    boolean slides = window > 0 && window < length;
    NDArray mask =
        slides || config.arithmetic().attentionCap() > 0
            ? Kernels.of(KERNELS).call("window_mask", length, slides ? window : length, hidden)
            : null;
    RotaryTable table = ends.rotary().of(block, length);
    return new Positions(table.cosines(0, length), table.sines(0, length), mask);
  }

  private static SubLayerActivations activations(NDArray input, NDList parts) {
    return new SubLayerActivations(input, parts.get(0), parts.get(1), parts.get(2), parts.get(3));
  }

  @Override
  public void close() {
    release.run();
  }
}
