package org.espalier.transformer;

import ai.djl.Device;
import java.util.HashMap;
import java.util.Map;

/** The rotary tables of a decoder: one for each set of frequencies that its blocks use. */
final class RotaryTables implements AutoCloseable {
  private record Key(RotaryEmbedding rotary, boolean longText) {}

  private final DecoderConfig config;
  private final Device device;
  private final Map<Key, RotaryTable> tables = new HashMap<>();

  RotaryTables(DecoderConfig config, Device device) {
    this.config = config;
    this.device = device;
  }

  /**
   * The table of a block.
   *
   * @param positions length of the whole text, which some scalings depend on
   */
  synchronized RotaryTable of(int block, int positions) {
    RotaryEmbedding rotary = config.rotary(block);
    RotaryEmbedding.Scaling scaling = rotary.scaling();
    return tables.computeIfAbsent(
        new Key(rotary, positions > scaling.longBeyond()),
        key ->
            new RotaryTable(
                rotary.frequencies(config.headSize(), positions), scaling.amplitude(), device));
  }

  @Override
  public void close() {
    tables.values().forEach(RotaryTable::close);
  }
}
