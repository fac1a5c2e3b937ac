package org.espalier.transformer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;

/**
 * How much memory a streamed pass needs. Counted is anonymous memory, which the system cannot get
 * back; the mapped pages of the checkpoint are not. Linux only.
 */
public final class StreamedMemory {
  private static final int TOKENS = 512;

  private StreamedMemory() {}

  /** Prints the peak and its limit; the first run writes a checkpoint of 0.9 GB below target. */
  public static void main(String[] arguments) throws InterruptedException {
    BenchmarkModel model = BenchmarkModel.WIDE;
    Path folder = model.write(Path.of("target/benchmark/wide"));
    System.gc();
    try (Checkpoint checkpoint = Checkpoint.open(folder);
        Decoder decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.STREAMED)) {
      long before = AnonymousMemory.bytes();
      long peak = AnonymousMemory.peakDuring(() -> pass(decoder));
      long block = 4 * model.blockParameters();
      long ends = 2 * 4 * model.embeddingParameters();
      long activations =
          4L * TOKENS * (8L * model.hiddenSize() + 3L * model.shape().channels() + 32000);
      System.out.printf(
          Locale.ROOT,
          "streamed pass of %d tokens: peak %d MB above %d MB; two blocks %d MB + embedding and"
              + " head %d MB + activations %d MB; ratio to that limit %.2f%n",
          TOKENS,
          (peak - before) >> 20,
          before >> 20,
          (2 * block) >> 20,
          ends >> 20,
          activations >> 20,
          (peak - before) / (double) (2 * block + ends + activations));
    }
  }

  private static void pass(Decoder decoder) {
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      int[] ids = new int[TOKENS];
      Arrays.setAll(ids, i -> i * 37 % 32000);
      NDArray hidden = decoder.forward(scope.tokens(ids), Progress.SILENT);
      System.out.printf("after the blocks: %d MB%n", AnonymousMemory.bytes() >> 20);
      decoder.logits(hidden);
    }
  }
}
