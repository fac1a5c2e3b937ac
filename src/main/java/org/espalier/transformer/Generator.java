package org.espalier.transformer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.Kernels;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;

/** Continues a text token by token. */
public final class Generator {
  private final Decoder decoder;

  /** A generator over an open decoder. */
  public Generator(Decoder decoder) {
    this.decoder = decoder;
  }

  /**
   * Continues a prompt.
   *
   * @param prompt token ids, at least one
   * @param newTokens most tokens to add; fewer when the model ends the text
   * @param progress told after every token
   * @return the added ids; an id that ends the text is not among them
   * @throws EspalierException if the prompt is empty or has an id outside of the vocabulary
   */
  public List<Integer> generate(int[] prompt, int newTokens, Sampling sampling, Progress progress) {
    return generate(prompt, newTokens, sampling, token -> {}, progress);
  }

  /**
   * As {@link #generate(int[], int, Sampling, Progress)}.
   *
   * @param onToken called with every added id
   */
  public List<Integer> generate(
      int[] prompt, int newTokens, Sampling sampling, IntConsumer onToken, Progress progress) {
    return generateWhile(
        prompt,
        newTokens,
        sampling,
        token -> {
          onToken.accept(token);
          return true;
        },
        progress);
  }

  /**
   * As {@link #generate(int[], int, Sampling, Progress)}, ending as soon as the caller says so.
   *
   * @param goesOn called with every added id; false if it was the last one
   */
  public List<Integer> generateWhile(
      int[] prompt, int newTokens, Sampling sampling, IntPredicate goesOn, Progress progress) {
    check(prompt);
    SplittableRandom random =
        sampling instanceof Sampling.Random drawn ? new SplittableRandom(drawn.seed()) : null;
    List<Integer> added = new ArrayList<>();
    int longBeyond = decoder.config().rotary().scaling().longBeyond();
    try (Decoder model = decoder.forManyPasses();
        KeyValueCache cache = new KeyValueCache(model, 1, prompt.length + newTokens)) {
      int[] input = prompt;
      while (added.size() < newTokens) {
        progress.report("Generating", added.size(), newTokens);
        if (cache.length() > 0 && cache.length() == longBeyond) {
          // All keys turn by other angles from here on.
          cache.clear();
          input =
              IntStream.concat(IntStream.of(prompt), added.stream().mapToInt(id -> id)).toArray();
        }
        int next = next(model, input, cache, sampling, random);
        if (decoder.config().endOfText().contains(next)) {
          break;
        }
        added.add(next);
        if (!goesOn.test(next)) {
          break;
        }
        input = new int[] {next};
      }
    }
    return added;
  }

  private static int next(
      Decoder model, int[] input, KeyValueCache cache, Sampling sampling, SplittableRandom random) {
    try (TorchScope scope = TorchScope.open(model.device())) {
      NDArray hidden = model.extend(scope.tokens(input), cache);
      NDArray last = Kernels.of(Decoder.KERNELS).call("last_position", hidden);
      NDArray scores = model.logits(last).reshape(-1);
      if (sampling instanceof Sampling.Random drawn) {
        NDArray probabilities =
            Kernels.of(Decoder.KERNELS)
                .call(
                    "probabilities",
                    TorchFunctions.toDevice(scores, Device.cpu()), // double is not everywhere
                    drawn.temperature(),
                    drawn.topK());
        return TorchFunctions.sample(probabilities, random.nextDouble());
      }
      return (int) Kernels.of(Decoder.KERNELS).callForLong("best", scores);
    }
  }

  private void check(int[] prompt) {
    if (prompt.length == 0) {
      throw new EspalierException("The prompt is empty; give at least one token to continue.");
    }
    int vocabulary = decoder.config().vocabularySize();
    for (int id : prompt) {
      if (id < 0 || id >= vocabulary) {
        throw new EspalierException(
            "The prompt has token id "
                + id
                + ", but the model's vocabulary ends at "
                + (vocabulary - 1)
                + "; use the tokenizer of this checkpoint.");
      }
    }
  }
}
