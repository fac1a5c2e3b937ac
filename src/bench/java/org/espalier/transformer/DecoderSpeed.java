package org.espalier.transformer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.task.Progress;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchScope;
import org.espalier.torch.TorchThreads;

/**
 * How much a whole pass costs beyond its bare matrix products, on a decoder of 125 million
 * parameters: prefill of 512 tokens with all logits, and decoding one token at a time. CPU time of
 * one thread, in interleaved rounds, told as ratios, which hold on busy machines too.
 */
public final class DecoderSpeed {
  private static final int ROUNDS = 7;
  private static final int PREFILL = 512;
  private static final int PROMPT = 64;
  private static final int NEW_TOKENS = 160;
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private final Decoder decoder;
  private final List<BlockWeights> weights = new ArrayList<>();
  private final TensorStore store = new TensorStore(Device.cpu());
  private final NDArray head;

  private DecoderSpeed(Decoder decoder) {
    this.decoder = decoder;
    for (int block = 0; block < decoder.blocks().blocks(); block++) {
      weights.add(decoder.blocks().load(block));
    }
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      head = store.adopt(scope.manager().randomNormal(new Shape(32000, 768)));
    }
  }

  /** Prints the ratios; the first run writes a checkpoint of 0.5 GB below {@code target}. */
  public static void main(String[] arguments) {
    Path folder = BenchmarkModel.SMALL.write(Path.of("target/benchmark/small"));
    TorchThreads.setOperationThreads(1);
    try (Checkpoint checkpoint = Checkpoint.open(folder);
        Decoder decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.RESIDENT_FLOAT32)) {
      new DecoderSpeed(decoder).run();
    }
  }

  private void run() {
    double[] prefill = new double[ROUNDS];
    double[] decode = new double[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
      double bare = milliseconds(this::bareProducts);
      double whole = milliseconds(this::prefill);
      double ratio = decodeRatio();
      if (round >= 0) {
        prefill[round] = whole / bare;
        decode[round] = ratio;
        System.out.printf(
            Locale.ROOT,
            "round %d: prefill %.0f ms, products alone %.0f ms; decode ratio %.3f%n",
            round + 1,
            whole,
            bare,
            ratio);
      }
    }
    report("prefill of 512 tokens / bare matrix products", prefill, "at most 1.30");
    report("linears alone / decoding", decode, "at least 0.86");
  }

  private static void report(String what, double[] ratios, String wanted) {
    Arrays.sort(ratios);
    System.out.printf(
        Locale.ROOT,
        "%s: median %.3f (%.3f to %.3f), wanted %s%n",
        what,
        ratios[ROUNDS / 2],
        ratios[0],
        ratios[ROUNDS - 1],
        wanted);
  }

  private static double milliseconds(Runnable work) {
    long before = CLOCK.getCurrentThreadCpuTime();
    work.run();
    return (CLOCK.getCurrentThreadCpuTime() - before) / 1e6;
  }

  private void prefill() {
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      int[] ids = new int[PREFILL];
      Arrays.setAll(ids, i -> i * 37 % 32000);
      decoder.logits(decoder.forward(scope.tokens(ids), Progress.SILENT)).toByteBuffer();
    }
  }

  /** Token by token in turns, since decoding is bound by memory, which neighbours share. */
  private double decodeRatio() {
    try (KeyValueCache cache = new KeyValueCache(decoder, 1, PROMPT + NEW_TOKENS)) {
      int[] next = {step(cache, new int[PROMPT])};
      double whole = 0;
      double linears = 0;
      for (int token = 0; token < NEW_TOKENS; token++) {
        whole += milliseconds(() -> next[0] = step(cache, new int[] {next[0]}));
        linears += milliseconds(() -> linears(1));
      }
      return linears / whole;
    }
  }

  private int step(KeyValueCache cache, int[] ids) {
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      NDArray hidden = decoder.extend(scope.tokens(ids), cache).get(":,-1:");
      return (int) decoder.logits(hidden).reshape(-1).argMax().getLong();
    }
  }

  /** The seven linears of every block, scores and mixing of every head, and the head. */
  private void bareProducts() {
    linears(PREFILL);
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      NDArray query = scope.manager().ones(new Shape(12, PREFILL, 64));
      NDArray key = scope.manager().ones(new Shape(12, 64, PREFILL));
      for (int block = 0; block < weights.size(); block++) {
        try (TorchScope inner = TorchScope.open()) {
          query.batchMatMul(key).batchMatMul(query);
        }
      }
    }
  }

  private void linears(int rows) {
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      NDArray hidden = scope.manager().ones(new Shape(1, rows, 768));
      NDArray channels = scope.manager().ones(new Shape(1, rows, 2048));
      for (BlockWeights block : weights) {
        try (TorchScope inner = TorchScope.open()) {
          block
              .tensors()
              .forEach(
                  (slot, weight) -> {
                    if (weight.getShape().dimension() == 2) {
                      Linear.linear(slot == WeightSlot.DOWN ? channels : hidden, weight);
                    }
                  });
        }
      }
      Linear.linear(hidden, head);
    }
  }
}
