package org.espalier.transformer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.espalier.task.EspalierException;
import org.espalier.torch.Kernels;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;

/** A text on its way: gives one token after the other, so that several can take turns. */
public final class Continuation implements AutoCloseable {
  private final Decoder model;
  private final KeyValueCache cache;
  private final Sampling sampling;
  private final SplittableRandom random;
  private final List<Integer> text = new ArrayList<>();
  private int[] input;
  private int left;

  /**
   * Begins behind a prompt.
   *
   * @param decoder stays open
   * @param prompt token ids, at least one
   * @param newTokens most tokens to add
   * @throws EspalierException if the prompt is empty or has an id outside of the vocabulary
   */
  public Continuation(Decoder decoder, int[] prompt, int newTokens, Sampling sampling) {
    check(decoder, prompt);
    this.sampling = sampling;
    random = sampling instanceof Sampling.Random drawn ? new SplittableRandom(drawn.seed()) : null;
    input = prompt;
    left = newTokens;
    IntStream.of(prompt).forEach(text::add);
    model = decoder.forManyPasses();
    try {
      cache = new KeyValueCache(model, 1, prompt.length + newTokens);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** The next token; empty at the end of the text, which is no token of it. */
  public OptionalInt next() {
    if (left == 0) {
      return OptionalInt.empty();
    }
    if (cache.length() > 0 && cache.length() == model.config().rotary().scaling().longBeyond()) {
      // All keys turn by other angles from here on.
      cache.clear();
      input = text.stream().mapToInt(Integer::intValue).toArray();
    }
    int next = draw();
    if (model.config().endOfText().contains(next)) {
      left = 0;
      return OptionalInt.empty();
    }
    left--;
    text.add(next);
    input = new int[] {next};
    return OptionalInt.of(next);
  }

  private int draw() {
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

  private static void check(Decoder decoder, int[] prompt) {
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

  @Override
  public void close() {
    cache.close();
    model.close();
  }
}
