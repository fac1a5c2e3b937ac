package org.espalier.recovery.sample;

import java.util.List;
import java.util.stream.Stream;

/**
 * The texts around the sample model, each from stories of its own seed, so that the evaluation text
 * is never trained on.
 */
public enum SampleText {
  /** What the tokenizer and the model learn from. */
  TRAINING(1),
  /** What statistics are measured on. */
  CALIBRATION(2),
  /** Held out: what perplexity is measured on. */
  EVALUATION(3);

  private final long seed;

  SampleText(long seed) {
    this.seed = seed;
  }

  /** Tells this text's stories from the first one on. */
  public StoryGenerator stories() {
    return new StoryGenerator(seed);
  }

  /** The first stories as running text. */
  public String of(int count) {
    StoryGenerator generator = stories();
    return join(Stream.generate(generator::next).limit(count).toList());
  }

  /** Running text: every story is followed by an empty line. */
  static String join(List<String> stories) {
    return String.join("\n\n", stories) + "\n\n";
  }
}
