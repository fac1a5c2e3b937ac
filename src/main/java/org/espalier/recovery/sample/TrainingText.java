package org.espalier.recovery.sample;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.espalier.corpus.Tokenizer;

/**
 * The ids that the sample model learns from, in two forms of the same stories: documents, each
 * between the tokens that begin and end a sequence, and running text with an empty line between
 * stories. Batches take half of their windows from each, so that the model knows prompts as well as
 * the middle of a text.
 */
final class TrainingText {
  private static final int STORIES_AT_ONCE = 500;

  private final int[] documents;
  private final int[] documentStarts;
  private final int[] text;
  private final SplittableRandom random;

  TrainingText(Tokenizer tokenizer, StoryGenerator generator, int stories, long seed) {
    IntStream.Builder documentIds = IntStream.builder();
    IntStream.Builder textIds = IntStream.builder();
    for (int made = 0; made < stories; made += STORIES_AT_ONCE) {
      int count = Math.min(STORIES_AT_ONCE, stories - made);
      List<String> some = Stream.generate(generator::next).limit(count).toList();
      String document =
          BytePairTrainer.BEGIN_TEXT
              + String.join(BytePairTrainer.END_TEXT + BytePairTrainer.BEGIN_TEXT, some)
              + BytePairTrainer.END_TEXT;
      Arrays.stream(tokenizer.encode(document)).forEach(documentIds);
      Arrays.stream(tokenizer.encode(SampleText.join(some))).forEach(textIds);
    }
    documents = documentIds.build().toArray();
    documentStarts =
        IntStream.range(0, documents.length)
            .filter(i -> documents[i] == BytePairTrainer.BEGIN)
            .toArray();
    text = textIds.build().toArray();
    random = new SplittableRandom(seed);
  }

  /** Tokens of the running text. */
  int tokens() {
    return text.length;
  }

  /** The running text. */
  int[] ids() {
    return text.clone();
  }

  /**
   * Windows of {@code length} ids: every other one from the begin of a document, the rest from
   * anywhere in the running text.
   */
  int[][] batch(int rows, int length) {
    int[][] windows = new int[rows][];
    for (int row = 0; row < rows; row++) {
      windows[row] = row % 2 == 0 ? documentWindow(length) : textWindow(length);
    }
    return windows;
  }

  private int[] documentWindow(int length) {
    int start = documentStarts[random.nextInt(documentStarts.length)];
    return start + length <= documents.length
        ? Arrays.copyOfRange(documents, start, start + length)
        : documentWindow(length);
  }

  private int[] textWindow(int length) {
    int start = random.nextInt(text.length - length);
    return Arrays.copyOfRange(text, start, start + length);
  }
}
