package org.espalier.evaluation.tasks;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.evaluation.tasks.ContinuationScorer.Request;
import org.espalier.task.Progress;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;
import org.espalier.torch.TorchThreads;
import org.espalier.transformer.BenchmarkModel;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.Decoder;

/**
 * What sharing a question among its answers saves, on items with the lengths of HellaSwag under a
 * Llama tokenizer (quartiles of 40, 59 and 71 tokens for a context, 20, 35 and 45 for an ending).
 * CPU time of one thread, in interleaved rounds, on 125 million parameters.
 */
public final class SharedContextSpeed {
  private static final int[] CONTEXTS = {40, 59, 71, 59};
  private static final int[] ENDINGS = {20, 35, 45, 35};
  private static final int ITEMS = 8;
  private static final int ROUNDS = 5;
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private SharedContextSpeed() {}

  /**
   * Prints the ratios.
   *
   * @param arguments folder for the model, which is written there once
   */
  public static void main(String[] arguments) throws IOException {
    TorchThreads.setOperationThreads(1);
    Path folder = BenchmarkModel.SMALL.write(Path.of(arguments[0]));
    try (Checkpoint checkpoint = Checkpoint.open(folder);
        Decoder decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.RESIDENT)) {
      ContinuationScorer scorer = new ContinuationScorer(decoder, 2048);
      List<Request> shared = requests(false);
      List<Request> separate = requests(true);
      double[] batched = new double[ROUNDS];
      double[] alone = new double[ROUNDS];
      double[] everywhere = new double[ROUNDS];
      for (int round = -1; round < ROUNDS; round++) {
        double ours = seconds(() -> scorer.score(shared, Progress.SILENT));
        double rows = seconds(() -> scorer.score(separate, Progress.SILENT));
        double single =
            seconds(() -> shared.forEach(one -> scorer.score(List.of(one), Progress.SILENT)));
        double harness = seconds(() -> shared.forEach(one -> allLogits(decoder, one)));
        if (round >= 0) {
          everywhere[round] = harness / ours;
          batched[round] = rows / ours;
          alone[round] = single / ours;
        }
      }
      print("every answer from scratch, in the same batches", batched);
      print("every answer from scratch, one after the other", alone);
      print("the same with logits at every position, as the harness has them", everywhere);
    }
  }

  /** Contexts that differ in their first token are not shared, and cost the same otherwise. */
  private static List<Request> requests(boolean separate) {
    SplittableRandom random = new SplittableRandom(0);
    List<Request> requests = new ArrayList<>();
    for (int item = 0; item < ITEMS; item++) {
      int[] context = random.ints(CONTEXTS[item % CONTEXTS.length], 0, 32_000).toArray();
      for (int ending : ENDINGS) {
        int[] own = context.clone();
        own[0] = separate ? requests.size() : item;
        requests.add(new Request(own, random.ints(ending, 0, 32_000).toArray()));
      }
    }
    return requests;
  }

  private static void allLogits(Decoder decoder, Request request) {
    int length = request.context().length + request.continuation().length - 1;
    int[] ids = Arrays.copyOf(request.context(), length);
    System.arraycopy(
        request.continuation(),
        0,
        ids,
        request.context().length,
        request.continuation().length - 1);
    try (TorchScope scope = TorchScope.open(decoder.device())) {
      NDArray logits = decoder.logits(decoder.forward(scope.tokens(ids), Progress.SILENT));
      TorchFunctions.crossEntropy(logits.squeeze(0), scope.tokens(ids).squeeze(0)).toFloatArray();
    }
  }

  private static double seconds(Runnable work) {
    long before = CLOCK.getCurrentThreadCpuTime();
    work.run();
    return (CLOCK.getCurrentThreadCpuTime() - before) / 1e9;
  }

  private static void print(String what, double[] ratios) {
    Arrays.sort(ratios);
    System.out.printf(
        Locale.ROOT,
        "%s / shared: median %.2f (%.2f to %.2f)%n",
        what,
        ratios[ROUNDS / 2],
        ratios[0],
        ratios[ROUNDS - 1]);
  }
}
