package org.espalier.statistics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.corpus.TokenWindows;
import org.espalier.task.Progress;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * How well the dense model predicts its calibration text without each sub-layer in turn.
 *
 * @param sequences calibration windows to use, from the first; 0 for as many as make 2048 tokens
 */
public record SkippedLossPass(int sequences) implements SubLayerMeasurement {
  /** Mean negative log-likelihood without the sub-layer, in nats; one value. */
  public static final String LOSS = "loss.skipped";

  /** What one long window of the paper holds. */
  private static final int TOKENS = 2048;

  @Override
  public String id() {
    return "skippedLoss-1, first " + sequences;
  }

  @Override
  public Set<String> names() {
    return Set.of(LOSS);
  }

  @Override
  public boolean readsActivations() {
    return true;
  }

  /** The windows that are predicted. */
  public TokenWindows used(TokenWindows windows) {
    int wanted =
        sequences > 0 ? sequences : Math.max(1, (TOKENS + windows.length() - 1) / windows.length());
    return windows.first(Math.min(wanted, windows.count()));
  }

  @Override
  public Statistics measure(
      Decoder decoder, TokenWindows windows, PassJournal journal, Progress progress) {
    List<SubLayer> subLayers = new ArrayList<>();
    for (int block = 0; block < decoder.blocks().blocks(); block++) {
      for (SubLayerKind kind : SubLayerKind.values()) {
        if (decoder.blocks().shape(block).units(kind) > 0) {
          subLayers.add(new SubLayer(block, kind));
        }
      }
    }
    Map<SubLayer, Map<String, double[]>> measured = new HashMap<>();
    SkippedLoss.without(decoder, used(windows), subLayers, progress)
        .forEach((subLayer, loss) -> measured.put(subLayer, Map.of(LOSS, new double[] {loss})));
    return new Statistics(measured);
  }
}
