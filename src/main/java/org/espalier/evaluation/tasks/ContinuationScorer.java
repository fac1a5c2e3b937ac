package org.espalier.evaluation.tasks;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.TensorStore;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Branches;
import org.espalier.transformer.Decoder;

/**
 * Log-likelihoods of continuations after contexts, in nats.
 *
 * <p>Continuations of one context lie behind it in one row, each seeing the context and itself, so
 * the context runs through the model once for all of them. Rows of similar length are batched and
 * padded on the right. A context that is too long for the model loses its beginning, as in the LM
 * Evaluation Harness.
 */
final class ContinuationScorer {
  /** Tokens of one forward pass, padding included; more gain nothing on a CPU. */
  private static final int TOKENS_PER_PASS = 1024;

  private static final long LARGEST_LOGITS_BYTES = 64L << 20;
  private static final int PADDING = -1;

  private final Decoder decoder;
  private final int maximumLength;

  /**
   * @param maximumLength most tokens that the model reads at once
   */
  ContinuationScorer(Decoder decoder, int maximumLength) {
    this.decoder = decoder;
    this.maximumLength = maximumLength;
  }

  /**
   * What is to be scored.
   *
   * @param context ids, at least one
   * @param continuation ids, at least one
   */
  record Request(int[] context, int[] continuation) {}

  /** Where a request's continuation stands. */
  private record Member(int request, int[] continuation) {}

  /** A context with the continuations that share it. */
  private record Row(int[] context, List<Member> members) {
    int length() {
      // What follows a continuation's last token is not asked for.
      return context.length
          + members.stream().mapToInt(member -> member.continuation().length - 1).sum();
    }
  }

  /**
   * Scores all requests; neighbouring ones with the same context share it.
   *
   * @return one sum of log-likelihoods for each request
   */
  double[] score(List<Request> requests, Progress progress) {
    double[] sums = new double[requests.size()];
    List<Row> rows = rows(requests);
    rows.sort(Comparator.comparingInt(Row::length).reversed());
    List<List<Row>> batches = batches(rows);
    List<Batch> open = new ArrayList<>();
    try (TensorStore store = new TensorStore(decoder.device())) {
      try {
        batches.forEach(batch -> open.add(new Batch(batch, store)));
        // Blocks are the outer loop, so that one that comes from disk comes once for all batches.
        for (int block = 0; block < decoder.blocks().blocks(); block++) {
          try (BlockWeights weights = decoder.blocks().load(block)) {
            for (Batch batch : open) {
              progress.report("Block " + (block + 1), block, decoder.blocks().blocks());
              batch.forward(block, weights);
            }
          }
        }
        open.forEach(batch -> batch.addTo(sums));
      } finally {
        open.forEach(Batch::close);
      }
    }
    return sums;
  }

  private List<Row> rows(List<Request> requests) {
    Map<List<Integer>, Row> rows = new LinkedHashMap<>();
    for (int i = 0; i < requests.size(); i++) {
      int[] continuation = requests.get(i).continuation();
      if (continuation.length == 0 || continuation.length > maximumLength) {
        throw new EspalierException(
            "An answer of "
                + continuation.length
                + " tokens cannot be scored by a model that reads "
                + maximumLength
                + " at once; remove the item from the data set.");
      }
      int[] context = kept(requests.get(i).context(), continuation.length);
      rows.computeIfAbsent(
              Arrays.stream(context).boxed().toList(), key -> new Row(context, new ArrayList<>()))
          .members()
          .add(new Member(i, continuation));
    }
    return new ArrayList<>(rows.values());
  }

  /** The last token of a continuation is never read, so one more than the maximum fits. */
  private int[] kept(int[] context, int continuation) {
    int room = Math.max(1, maximumLength + 1 - continuation);
    return context.length <= room
        ? context
        : Arrays.copyOfRange(context, context.length - room, context.length);
  }

  private static List<List<Row>> batches(List<Row> longestFirst) {
    List<List<Row>> batches = new ArrayList<>();
    List<Row> batch = new ArrayList<>();
    for (Row row : longestFirst) {
      int longest = batch.isEmpty() ? row.length() : batch.get(0).length();
      if (!batch.isEmpty() && (batch.size() + 1) * longest > TOKENS_PER_PASS) {
        batches.add(batch);
        batch = new ArrayList<>();
      }
      batch.add(row);
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  /** Rows that run through the model together. */
  private final class Batch implements AutoCloseable {
    private final TensorStore store;
    private final Branches branches;
    private final List<Integer> owners = new ArrayList<>();
    private final List<Integer> places = new ArrayList<>();
    private final List<Integer> targets = new ArrayList<>();
    private NDArray hidden;

    Batch(List<Row> rows, TensorStore store) {
      this.store = store;
      int length = rows.get(0).length();
      int[][] ids = new int[rows.size()][length];
      int[][] positions = new int[rows.size()][length];
      int[][] belongs = new int[rows.size()][length];
      for (int i = 0; i < rows.size(); i++) {
        lay(rows.get(i), i * length, ids[i], positions[i], belongs[i]);
      }
      branches = decoder.branches(positions, belongs);
      try (TorchScope scope = TorchScope.open(decoder.device())) {
        hidden = store.adopt(decoder.embed(scope.tokens(ids)));
      }
    }

    private void lay(Row row, int offset, int[] ids, int[] positions, int[] belongs) {
      int context = row.context().length;
      System.arraycopy(row.context(), 0, ids, 0, context);
      Arrays.setAll(positions, position -> position < context ? position : 0);
      Arrays.fill(belongs, 0, context, Branches.CONTEXT);
      int next = context;
      for (int branch = 0; branch < row.members().size(); branch++) {
        int[] continuation = row.members().get(branch).continuation();
        int before = context - 1;
        for (int i = 0; i < continuation.length; i++) {
          owners.add(row.members().get(branch).request());
          places.add(offset + before);
          targets.add(continuation[i]);
          if (i < continuation.length - 1) {
            ids[next] = continuation[i];
            positions[next] = context + i;
            belongs[next] = branch + 1;
            before = next++;
          }
        }
      }
      Arrays.fill(belongs, next, belongs.length, PADDING);
    }

    void forward(int block, BlockWeights weights) {
      try (TorchScope scope = TorchScope.open(decoder.device())) {
        NDArray output = decoder.forward(block, weights, hidden, branches);
        if (output != hidden) {
          store.adopt(output);
          hidden.close();
          hidden = output;
        }
      }
    }

    void addTo(double[] sums) {
      int step = (int) Math.max(1, LARGEST_LOGITS_BYTES / (4L * decoder.config().vocabularySize()));
      try (TorchScope scope = TorchScope.open(decoder.device())) {
        NDArray flat = hidden.reshape(-1, decoder.config().hiddenSize());
        for (int from = 0; from < places.size(); from += step) {
          int to = Math.min(places.size(), from + step);
          float[] losses = losses(flat, from, to);
          for (int i = from; i < to; i++) {
            sums[owners.get(i)] -= losses[i - from];
          }
        }
      }
    }

    private float[] losses(NDArray flat, int from, int to) {
      try (TorchScope scope = TorchScope.open()) {
        NDArray rows =
            TorchFunctions.selectRows(flat, scope.tokens(numbers(places, from, to)).squeeze(0));
        NDArray logits = decoder.logits(rows.expandDims(0)).squeeze(0);
        NDArray wanted = scope.tokens(numbers(targets, from, to)).squeeze(0);
        return TorchFunctions.crossEntropy(logits, wanted).toFloatArray();
      }
    }

    @Override
    public void close() {
      branches.close();
    }
  }

  private static int[] numbers(List<Integer> numbers, int from, int to) {
    return IntStream.range(from, to).map(numbers::get).toArray();
  }
}
