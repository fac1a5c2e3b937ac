package org.espalier.allocation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.importance.ImportanceMap;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Scores and masks that the methods' published code computed for a small model: 6 blocks of 8 heads
 * of 16 and 344 channels, hidden size 128.
 */
final class PublishedScores {
  private static final int BLOCKS = 6;

  private final Map<String, String> lines = new HashMap<>();

  private PublishedScores(String method) {
    try (InputStream in =
        PublishedScores.class.getResourceAsStream("/allocation/" + method + ".txt")) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .forEach(
              line -> {
                String[] words = line.split(" ", 5);
                lines.put(String.join(" ", List.of(words).subList(0, 4)), words[4]);
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static PublishedScores of(String method) {
    return new PublishedScores(method);
  }

  static PrunableModel model() {
    long hidden = 128;
    PrunableModel.Block block = new PrunableModel.Block(8, 4 * hidden * 16, 344, 3 * hidden);
    long layers = BLOCKS * (block.prunableParameters() + 2 * hidden);
    return new PrunableModel(Collections.nCopies(BLOCKS, block), layers, 1_318_528);
  }

  ImportanceMap importance(String ratio) {
    List<double[]> attention = new ArrayList<>();
    List<double[]> feedForward = new ArrayList<>();
    for (int block = 0; block < BLOCKS; block++) {
      attention.add(scores(ratio, block + " attention scores"));
      feedForward.add(scores(ratio, block + " feedForward scores"));
    }
    return new ImportanceMap("published", attention, feedForward);
  }

  private double[] scores(String ratio, String key) {
    String text = lines.getOrDefault("any " + key, lines.get(ratio + " " + key));
    return List.of(text.split(" ")).stream().mapToDouble(Float::parseFloat).toArray();
  }

  /** The mask of one sub-layer, one 0 or 1 per unit. */
  String kept(String ratio, SubLayer subLayer) {
    String kind = subLayer.kind() == SubLayerKind.ATTENTION ? "attention" : "feedForward";
    return lines.get(ratio + " " + subLayer.block() + " " + kind + " kept");
  }
}
