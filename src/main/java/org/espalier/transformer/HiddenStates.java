package org.espalier.transformer;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.espalier.checkpoint.DType;
import org.espalier.task.EspalierException;
import org.espalier.torch.TensorBytes;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchScope;

/**
 * The residual stream of many windows, in batches, on its way through the blocks. Loading a block
 * once and sending all batches through it is what lets a model larger than memory be measured.
 *
 * <p>Needs an open {@link TorchScope} on the decoder's device wherever it is used.
 */
public final class HiddenStates implements AutoCloseable {
  /** Tokens that go through a block at once: enough to keep matrix products busy. */
  private static final int BATCH_TOKENS = 2048;

  private final List<TensorStore> stores = new ArrayList<>();
  private final List<NDArray> batches = new ArrayList<>();
  private final Decoder decoder;

  private HiddenStates(Decoder decoder) {
    this.decoder = decoder;
  }

  /** Embeds windows, [windows][tokens], all equally long. */
  public static HiddenStates embed(Decoder decoder, int[][] windows) {
    HiddenStates states = new HiddenStates(decoder);
    int perBatch = Math.max(1, BATCH_TOKENS / windows[0].length);
    for (int start = 0; start < windows.length; start += perBatch) {
      int end = Math.min(windows.length, start + perBatch);
      try (TorchScope scope = TorchScope.open()) {
        NDArray ids = scope.tokens(Arrays.copyOfRange(windows, start, end));
        states.stores.add(null);
        states.batches.add(null);
        states.replace(states.batches.size() - 1, decoder.embed(ids));
      }
    }
    return states;
  }

  /**
   * States that start where these stand and go on by themselves; nothing is copied. To be closed
   * before these move on.
   */
  public HiddenStates fork() {
    HiddenStates fork = new HiddenStates(decoder);
    for (NDArray batch : batches) {
      fork.stores.add(null);
      fork.batches.add(batch);
    }
    return fork;
  }

  /** Number of batches. */
  public int batches() {
    return batches.size();
  }

  /** One batch, [windows, tokens, d]. */
  public NDArray batch(int index) {
    return batches.get(index);
  }

  /**
   * Puts other values in the place of one batch, such as a loss's derivatives by it.
   *
   * @param values made in the current scope, of the same shape
   */
  public void set(int index, NDArray values) {
    replace(index, values);
  }

  /** Sends one batch through a block. */
  public void advance(int index, int block, BlockWeights weights) {
    try (TorchScope scope = TorchScope.open()) {
      replace(index, decoder.forward(block, weights, batches.get(index)));
    }
  }

  /** Sends one batch through a block and shows its activations. */
  public void advance(int index, int block, BlockWeights weights, SubLayerObserver observer) {
    try (TorchScope scope = TorchScope.open()) {
      replace(index, decoder.forward(block, weights, batches.get(index), observer));
    }
  }

  /** Shows the activations of a block without moving on. */
  public void observe(int index, int block, BlockWeights weights, SubLayerObserver observer) {
    try (TorchScope scope = TorchScope.open()) {
      decoder.forward(block, weights, batches.get(index), observer);
    }
  }

  /**
   * Writes all batches as float32 in a row; the file appears complete or not at all.
   *
   * @throws EspalierException if it cannot be written
   */
  public void save(Path file) {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (FileChannel channel =
          FileChannel.open(
              partial,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        for (NDArray batch : batches) {
          try (TorchScope scope = TorchScope.open(decoder.device())) {
            TensorBytes.read(
                batch,
                DType.F32,
                part -> {
                  while (part.hasRemaining()) {
                    channel.write(part);
                  }
                });
          }
        }
        channel.force(true);
      }
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new EspalierException(
          "Cannot save the state of the pass to " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Takes the batches that {@link #save} wrote for the same windows.
   *
   * @throws EspalierException if the file does not fit or cannot be read
   */
  public void restore(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long expected = 0;
      for (NDArray batch : batches) {
        expected += Float.BYTES * batch.size();
      }
      if (channel.size() != expected) {
        throw new EspalierException(
            file + " has " + channel.size() + " bytes, but the pass needs " + expected);
      }
      for (int index = 0; index < batches.size(); index++) {
        try (TorchScope scope = TorchScope.open(decoder.device())) {
          replace(index, scope.array(read(channel, batches.get(index)), shape(index)));
        }
      }
    } catch (IOException e) {
      throw new EspalierException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static float[] read(FileChannel channel, NDArray like) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(Float.BYTES * like.size()))
            .order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new IOException("it ends too early");
      }
    }
    float[] values = new float[bytes.capacity() / Float.BYTES];
    bytes.flip().asFloatBuffer().get(values);
    return values;
  }

  private long[] shape(int index) {
    return batches.get(index).getShape().getShape();
  }

  private void replace(int index, NDArray hidden) {
    TensorStore store = new TensorStore(decoder.device());
    store.adopt(hidden);
    TensorStore old = stores.set(index, store);
    batches.set(index, hidden);
    if (old != null) {
      old.close();
    }
  }

  @Override
  public void close() {
    for (TensorStore store : stores) {
      if (store != null) {
        store.close();
      }
    }
    stores.clear();
    batches.clear();
  }
}
