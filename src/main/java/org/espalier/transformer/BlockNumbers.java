package org.espalier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.espalier.task.EspalierException;

/**
 * Numbers of blocks in the checkpoint that was first pruned. A checkpoint that lost whole blocks
 * counts the others anew, so config.json keeps where they came from under a key of our own, which
 * other programs ignore.
 */
public final class BlockNumbers {
  /** One number per block, in order. */
  public static final String KEY = "espalier_block_numbers";

  private static final int LARGEST = 1_000_000;

  private BlockNumbers() {}

  static List<Integer> read(Path folder, JsonNode json, int blocks) {
    if (!json.hasNonNull(KEY)) {
      return inOrder(blocks);
    }
    JsonNode given = json.get(KEY);
    List<Integer> numbers = new ArrayList<>();
    int before = -1;
    for (JsonNode number : given) {
      if (!number.isIntegralNumber()
          || !number.canConvertToInt()
          || number.asInt() <= before
          || number.asInt() > LARGEST) {
        throw wrong(folder, blocks);
      }
      before = number.asInt();
      numbers.add(before);
    }
    if (!given.isArray() || numbers.size() != blocks) {
      throw wrong(folder, blocks);
    }
    return numbers;
  }

  private static EspalierException wrong(Path folder, int blocks) {
    return new EspalierException(
        folder
            + "/config.json: "
            + KEY
            + " must be a rising list of "
            + blocks
            + " whole numbers, one per block; mend it, or remove the key, and blocks are counted"
            + " from 0.");
  }

  /** Writes the key where blocks are missing, and removes one that no longer holds otherwise. */
  public static void write(ObjectNode json, List<Integer> numbers) {
    json.remove(KEY);
    if (!numbers.equals(inOrder(numbers.size()))) {
      ArrayNode array = json.putArray(KEY);
      numbers.forEach(array::add);
    }
  }

  private static List<Integer> inOrder(int blocks) {
    return IntStream.range(0, blocks).boxed().toList();
  }
}
