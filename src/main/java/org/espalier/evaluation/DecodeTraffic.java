package org.espalier.evaluation;

import org.espalier.transformer.BlockShape;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.WeightSlot;

/** What one written token reads from memory at batch 1, in float32, as blocks are held for it. */
final class DecodeTraffic {
  private static final long BYTES = 4;

  private DecodeTraffic() {}

  /** Weights of all blocks, the final norm and the head; one row of the embedding is nothing. */
  static long weightBytes(Decoder decoder) {
    long elements = (long) decoder.config().vocabularySize() * decoder.config().hiddenSize();
    elements += decoder.config().hiddenSize();
    for (int block = 0; block < decoder.blocks().blocks(); block++) {
      BlockShape shape = decoder.blocks().shape(block);
      for (WeightSlot slot : WeightSlot.values()) {
        if (!slot.isBias()
            && shape.units(slot.kind()) > 0
            && decoder.config().family().form().has(slot)) {
          elements +=
              slot.elements(shape, decoder.config().hiddenSize(), decoder.config().headSize());
        }
      }
    }
    return BYTES * elements;
  }

  /** Keys and values of so many positions in all blocks. */
  static long cacheBytes(Decoder decoder, int positions) {
    long groups = 0;
    for (int block = 0; block < decoder.blocks().blocks(); block++) {
      groups += decoder.blocks().shape(block).headGroups();
    }
    return BYTES * 2 * groups * decoder.config().headSize() * positions;
  }
}
