package org.espalier.statistics;

import java.util.Collection;
import java.util.Map;
import org.espalier.corpus.TokenWindows;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.HiddenStates;

/** One pass of calibration windows through the dense model, block by block. */
public final class StatisticsPass {
  private StatisticsPass() {}

  /**
   * Measures with text.
   *
   * @param journal where an earlier attempt may have left its position
   * @param progress told after every batch of every block
   */
  public static Statistics run(
      Decoder decoder,
      TokenWindows windows,
      Collection<Collector> collectors,
      PassJournal journal,
      Progress progress) {
    int blocks = decoder.blocks().blocks();
    try (TorchScope scope = TorchScope.open(decoder.device());
        HiddenStates states = HiddenStates.embed(decoder, windows.toArray())) {
      int steps = blocks * states.batches();
      PassJournal.Position start =
          journal.resume(states).orElse(new PassJournal.Position(0, new Statistics(Map.of())));
      Statistics statistics = start.measured();
      for (int block = start.nextBlock(); block < blocks; block++) {
        try (BlockWeights weights = decoder.blocks().load(block);
            BlockMeasurement measurement = new BlockMeasurement(block, weights, collectors)) {
          for (int batch = 0; batch < states.batches(); batch++) {
            progress.report(
                "Measuring block " + block + " of " + blocks,
                block * (long) states.batches() + batch,
                steps);
            if (block == blocks - 1) {
              // Nothing reads what the last block gives.
              states.observe(batch, block, weights, measurement);
            } else {
              states.advance(batch, block, weights, measurement);
            }
          }
          statistics = statistics.with(measurement.finish());
        }
        journal.finished(block, statistics, states);
      }
      progress.report("Measured all blocks", steps, steps);
      return statistics;
    }
  }

  /** Measures weights alone, for collectors that read no activations. */
  public static Statistics runOnWeights(
      Decoder decoder, Collection<Collector> collectors, Progress progress) {
    Statistics statistics = new Statistics(Map.of());
    int blocks = decoder.blocks().blocks();
    try (TorchScope scope = TorchScope.open(decoder.device())) {
      for (int block = 0; block < blocks; block++) {
        progress.report("Reading the weights of block " + block + " of " + blocks, block, blocks);
        try (BlockWeights weights = decoder.blocks().load(block);
            BlockMeasurement measurement = new BlockMeasurement(block, weights, collectors)) {
          statistics = statistics.with(measurement.finish());
        }
      }
      progress.report("Read all blocks", blocks, blocks);
    }
    return statistics;
  }
}
