package org.espalier.statistics;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.corpus.TokenWindows;
import org.espalier.task.Progress;
import org.espalier.torch.Autograd;
import org.espalier.torch.Kernels;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.AnonymousMemory;
import org.espalier.transformer.BenchmarkModel;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.WeightSlot;

/**
 * How much memory gradients need block by block, and how much in one backward pass through the
 * whole model: 10 windows of 64 tokens through 12 blocks of a float32 model of 125 million
 * parameters, whose weights are mapped and not counted.
 */
public final class GradientMemory {
  private GradientMemory() {}

  /** Prints the peaks; the first run writes a checkpoint of 0.5 GB below target. */
  public static void main(String[] arguments) throws InterruptedException {
    BenchmarkModel model = BenchmarkModel.SMALL;
    Path folder = model.write(Path.of("target/benchmark/small"));
    System.gc();
    try (Checkpoint checkpoint = Checkpoint.open(folder);
        Decoder decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.STREAMED)) {
      TokenWindows windows = windows();
      // Compiles the kernels and loads what stays.
      new GradientPass(1, false).measure(decoder, windows, PassJournal.NONE, Progress.SILENT);
      long before = AnonymousMemory.bytes();
      System.out.printf(
          Locale.ROOT,
          "weights of one block %d MB, of all blocks %d MB%n",
          4 * model.blockParameters() >> 20,
          4 * model.blocks() * model.blockParameters() >> 20);
      // From the least to the most, because freed memory stays with the process.
      print(
          "streamed, first order",
          before,
          () -> measure(new GradientPass(0, false), decoder, windows));
      print(
          "streamed, second order",
          before,
          () -> measure(new GradientPass(0, true), decoder, windows));
      print("whole model at once", before, () -> wholeModel(decoder, windows));
    }
  }

  private static void print(String what, long before, Runnable work) throws InterruptedException {
    long peak = AnonymousMemory.peakDuring(work);
    System.out.printf(Locale.ROOT, "%s: peak %d MB%n", what, (peak - before) >> 20);
  }

  private static TokenWindows windows() {
    int[][] ids = new int[10][64];
    for (int w = 0; w < ids.length; w++) {
      int window = w;
      Arrays.setAll(ids[w], i -> (window * 7919 + i * 37) % 32000);
    }
    return TokenWindows.of(ids);
  }

  private static void measure(GradientPass pass, Decoder decoder, TokenWindows windows) {
    pass.measure(decoder, windows, PassJournal.NONE, Progress.SILENT);
  }

  private static void wholeModel(Decoder decoder, TokenWindows windows) {
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      List<BlockWeights> open = new ArrayList<>();
      try (Autograd autograd = Autograd.record()) {
        NDArray ids = scope.tokens(windows.toArray());
        NDArray hidden = decoder.embed(ids);
        for (int block = 0; block < decoder.config().blocks(); block++) {
          BlockWeights weights = decoder.blocks().load(block);
          Map<WeightSlot, NDArray> tensors = new EnumMap<>(WeightSlot.class);
          weights.tensors().forEach((slot, t) -> tensors.put(slot, Autograd.parameter(t)));
          BlockWeights recorded = new BlockWeights(weights.shape(), tensors, weights::close);
          open.add(recorded);
          hidden = decoder.forward(block, recorded, hidden);
        }
        autograd.backward(
            Kernels.of("torchscript/gradients.py")
                .call("next_token_loss", decoder.logits(hidden), ids));
      }
      open.forEach(BlockWeights::close);
    }
  }
}
