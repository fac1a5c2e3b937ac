package org.espalier.statistics;

import ai.djl.Device;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.corpus.TokenWindows;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.espalier.torch.TorchThreads;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.HiddenStates;

/**
 * What FLAP's calibration costs beyond the forward passes it needs: 64 windows of 128 tokens
 * through a small trained model. CPU time of one thread, in interleaved rounds.
 */
public final class CalibrationSpeed {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final int ROUNDS = 7;
  private static final int REPEATS = 5;
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private CalibrationSpeed() {}

  /** Prints the ratio. */
  public static void main(String[] arguments) throws IOException {
    TorchThreads.setOperationThreads(1);
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve("models/tiny-mha"));
        Decoder decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.RESIDENT)) {
      TokenWindows windows =
          TokenWindows.read(
              GOLDEN.resolve("calibration-windows.json"), decoder.config().vocabularySize());
      double[] ratios = new double[ROUNDS];
      for (int round = -2; round < ROUNDS; round++) {
        double forward = 0;
        double calibration = 0;
        for (int repeat = 0; repeat < REPEATS; repeat++) {
          forward += milliseconds(() -> forward(decoder, windows));
          calibration += milliseconds(() -> calibrate(decoder, windows));
        }
        if (round >= 0) {
          ratios[round] = calibration / forward;
          System.out.printf(
              Locale.ROOT,
              "round %d: calibration %.1f ms, forward passes alone %.1f ms%n",
              round + 1,
              calibration / REPEATS,
              forward / REPEATS);
        }
      }
      Arrays.sort(ratios);
      System.out.printf(
          Locale.ROOT,
          "calibration of %d windows of %d / forward passes: median %.3f (%.3f to %.3f), wanted at"
              + " most 1.5%n",
          windows.count(),
          windows.length(),
          ratios[ROUNDS / 2],
          ratios[0],
          ratios[ROUNDS - 1]);
    }
  }

  private static double milliseconds(Runnable work) {
    long before = CLOCK.getCurrentThreadCpuTime();
    work.run();
    return (CLOCK.getCurrentThreadCpuTime() - before) / 1e6;
  }

  /** All windows through all blocks, without logits, which calibration does not need. */
  private static void forward(Decoder decoder, TokenWindows windows) {
    try (TorchScope scope = TorchScope.open(decoder.device());
        HiddenStates states = HiddenStates.embed(decoder, windows.toArray())) {
      for (int block = 0; block < decoder.blocks().blocks(); block++) {
        try (BlockWeights weights = decoder.blocks().load(block)) {
          for (int batch = 0; batch < states.batches(); batch++) {
            states.advance(batch, block, weights);
          }
        }
      }
    }
  }

  private static void calibrate(Decoder decoder, TokenWindows windows) {
    StatisticsPass.run(
        decoder,
        windows,
        List.of(ActivationCollector.INSTANCE, WeightCollector.INSTANCE, ResidualCollector.INSTANCE),
        PassJournal.NONE,
        Progress.SILENT);
  }
}
