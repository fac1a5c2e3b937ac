package org.espalier.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.Decoder;

/** Says why a smaller model is not a faster one, and how much faster it could be. */
final class SpeedNotes {
  /** Less than this is no gain. */
  private static final double GAIN = 1.05;

  /** Vector units and matrix kernels like widths that are multiples of this. */
  private static final int FRIENDLY = 16;

  /** Of processors that do not tell the size of their cache, virtual ones above all. */
  private static final long USUAL_CACHE = 32L << 20;

  private SpeedNotes() {}

  /**
   * Sentences for people.
   *
   * @param read bytes that a token of the dense model reads as its weights are held
   * @param cache size of the processor's largest cache, where it is known
   */
  static List<String> of(SpeedComparison measured, long read, Decoder pruned, OptionalLong cache) {
    List<String> notes = new ArrayList<>();
    boolean inCache = read < cache.orElse(USUAL_CACHE);
    if (measured.decodeBound().isPresent() && !inCache) {
      notes.add(
          String.format(
              Locale.ROOT,
              "A token reads %.0f %% of the bytes that it read before, so writing one text can get"
                  + " %.2f times faster at most where memory is the limit",
              100.0 / measured.decodeBound().getAsDouble(),
              measured.decodeBound().getAsDouble()));
    }
    if (measured.decode().median() >= GAIN && measured.prefill().median() >= GAIN) {
      return notes;
    }
    if (inCache) {
      notes.add(
          "The weights fit into the processor's cache, so calls cost more than bytes: a larger"
              + " batch or a larger model shows what pruning saves");
    }
    List<String> ragged = ragged(pruned);
    if (!ragged.isEmpty()) {
      notes.add(
          "Widths such as "
              + String.join(", ", ragged.subList(0, Math.min(3, ragged.size())))
              + " are no multiples of "
              + FRIENDLY
              + ", which matrix kernels handle slowly: rounding the kept channels may be faster");
    }
    if (notes.isEmpty()) {
      notes.add(
          "Little is left to save at these lengths: attention over the text and the head cost what"
              + " they did before");
    }
    return notes;
  }

  private static List<String> ragged(Decoder decoder) {
    return IntStream.range(0, decoder.blocks().blocks())
        .mapToObj(decoder.blocks()::shape)
        .map(BlockShape::channels)
        .filter(channels -> channels % FRIENDLY != 0)
        .map(channels -> channels + " channels")
        .distinct()
        .toList();
  }
}
