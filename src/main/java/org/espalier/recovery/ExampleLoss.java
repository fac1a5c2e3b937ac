package org.espalier.recovery;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.espalier.corpus.TrainingExamples.Example;
import org.espalier.task.Progress;
import org.espalier.torch.Kernels;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.Decoder;

/**
 * Loss of a decoder on examples. They pass in groups of a bounded number of tokens, shorter ones
 * filled up behind their end, where causal attention keeps the filling from being seen.
 */
final class ExampleLoss {
  /** Tokens of one forward pass. */
  private static final int TOKENS_PER_PASS = 2048;

  private ExampleLoss() {}

  /** Splits examples into groups that pass together. */
  static List<List<Example>> passes(List<Example> examples) {
    List<List<Example>> passes = new ArrayList<>();
    List<Example> pass = new ArrayList<>();
    int longest = 0;
    for (Example example : examples) {
      int length = Math.max(longest, example.ids().length);
      if (!pass.isEmpty() && (long) length * (pass.size() + 1) > TOKENS_PER_PASS) {
        passes.add(pass);
        pass = new ArrayList<>();
        length = example.ids().length;
      }
      pass.add(example);
      longest = length;
    }
    passes.add(pass);
    return passes;
  }

  /** Ids to be predicted in all. */
  static long scored(List<Example> examples) {
    return examples.stream().mapToLong(Example::scored).sum();
  }

  /** Sum of the negative log-likelihoods of one pass, a scalar; differentiable. */
  static NDArray sum(Decoder decoder, List<Example> pass) {
    int length = pass.stream().mapToInt(example -> example.ids().length).max().orElseThrow() - 1;
    int[][] inputs = new int[pass.size()][length];
    int scored = Math.toIntExact(scored(pass));
    int[] positions = new int[scored];
    int[] targets = new int[scored];
    int next = 0;
    for (int row = 0; row < pass.size(); row++) {
      Example example = pass.get(row);
      System.arraycopy(example.ids(), 0, inputs[row], 0, example.ids().length - 1);
      for (int at = example.firstScored(); at < example.ids().length; at++) {
        positions[next] = row * length + at - 1;
        targets[next++] = example.ids()[at];
      }
    }
    TorchScope scope = TorchScope.current();
    NDArray hidden = decoder.forward(scope.tokens(inputs), Progress.SILENT);
    NDArray rows =
        Kernels.of(LowRankAdapters.KERNELS)
            .call("scored", hidden, scope.tokens(positions).squeeze(0));
    NDArray logits = decoder.logits(rows.expandDims(0)).squeeze(0);
    return Kernels.of(LowRankAdapters.KERNELS)
        .call("summed_loss", logits, scope.tokens(targets).squeeze(0));
  }
}
