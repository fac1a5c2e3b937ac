package org.espalier.corpus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.espalier.task.EspalierException;

/**
 * What a model is trained on: sequences of ids, and which of them it is to predict.
 *
 * @param source name of the file
 */
public record TrainingExamples(String source, List<Example> list) {
  /**
   * One sequence.
   *
   * @param ids at least two
   * @param firstScored position of the first id that is to be predicted, at least 1
   */
  public record Example(int[] ids, int firstScored) {
    /** Ids that are to be predicted. */
    public int scored() {
      return ids.length - firstScored;
    }
  }

  public TrainingExamples {
    list = List.copyOf(list);
  }

  /** Windows of a text, all ids but the first of each to be predicted. */
  public static TrainingExamples of(String source, TokenWindows windows) {
    return new TrainingExamples(
        source, Arrays.stream(windows.toArray()).map(ids -> new Example(ids, 1)).toList());
  }

  /**
   * Instructions, of which only the response is to be predicted. Longer ones are cut; shorter ones
   * end with the token that ends a sequence, where the tokenizer has one. Instructions whose prompt
   * alone fills the cutoff are left out.
   *
   * @param cutoff ids of one example at most
   * @throws EspalierException if none is left
   */
  public static TrainingExamples of(Instructions instructions, Tokenizer tokenizer, int cutoff) {
    OptionalInt end = tokenizer.endOfSequence();
    List<Example> examples = new ArrayList<>();
    for (Instructions.Instruction instruction : instructions.list()) {
      int prompt = tokenizer.encodeStream(instruction.prompt()).length;
      int[] ids = tokenizer.encodeStream(instruction.prompt() + instruction.output());
      if (ids.length < cutoff && end.isPresent()) {
        ids = Arrays.copyOf(ids, ids.length + 1);
        ids[ids.length - 1] = end.getAsInt();
      } else if (ids.length > cutoff) {
        ids = Arrays.copyOf(ids, cutoff);
      }
      if (prompt < ids.length) {
        examples.add(new Example(ids, Math.max(1, prompt)));
      }
    }
    if (examples.isEmpty()) {
      throw new EspalierException(
          "No instruction of "
              + instructions.source()
              + " leaves room for its response within "
              + cutoff
              + " tokens; choose a larger cutoff.");
    }
    return new TrainingExamples(instructions.source(), examples);
  }

  /** The examples in [from, to). */
  public TrainingExamples part(int from, int to) {
    return new TrainingExamples(source, list.subList(from, to));
  }

  /** SHA-256 of all ids and of what is to be predicted. */
  public String hash() {
    int[][] content = new int[2 * list.size()][];
    for (int i = 0; i < list.size(); i++) {
      content[2 * i] = new int[] {list.get(i).ids().length, list.get(i).firstScored()};
      content[2 * i + 1] = list.get(i).ids();
    }
    return Hashes.sha256(content);
  }
}
