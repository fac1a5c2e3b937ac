package org.espalier.recovery;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.task.EspalierException;
import org.espalier.transformer.WeightSlot;

/** How a pruned model is trained. Every value lies in the range of its {@link RecoverySetting}. */
public final class RecoverySettings {
  /** Gradients are clipped to this joint norm, as is usual. */
  static final double CLIP = 1;

  private final Map<RecoverySetting, String> values;

  private RecoverySettings(Map<RecoverySetting, String> values) {
    this.values = values;
  }

  /** What the program starts with. */
  public static RecoverySettings standard() {
    return of(Map.of());
  }

  /**
   * Settings that differ from the standard ones.
   *
   * @throws EspalierException naming the setting, its range and the value
   */
  public static RecoverySettings of(Map<RecoverySetting, String> given) {
    Map<RecoverySetting, String> values = new LinkedHashMap<>();
    for (RecoverySetting setting : RecoverySetting.values()) {
      values.put(setting, given.getOrDefault(setting, setting.standard()).strip());
    }
    RecoverySettings settings = new RecoverySettings(values);
    settings.check();
    return settings;
  }

  private void check() {
    for (RecoverySetting setting : RecoverySetting.values()) {
      switch (setting) {
        case TARGETS -> targets();
        case DECAY -> rate();
        default -> number(setting);
      }
    }
  }

  /** By the settings' labels, for files and for people. */
  public Map<String, String> asMap() {
    Map<String, String> map = new LinkedHashMap<>();
    values.forEach((setting, value) -> map.put(setting.label(), value));
    return Collections.unmodifiableMap(map);
  }

  private double number(RecoverySetting setting) {
    return setting.number(values.get(setting));
  }

  private int whole(RecoverySetting setting) {
    return (int) number(setting);
  }

  int rank() {
    return whole(RecoverySetting.RANK);
  }

  /** alpha / rank. */
  double scale() {
    return number(RecoverySetting.ALPHA) / rank();
  }

  double dropout() {
    return number(RecoverySetting.DROPOUT);
  }

  List<WeightSlot> targets() {
    return RecoverySetting.TARGETS.projections(values.get(RecoverySetting.TARGETS));
  }

  /** A warm-up that would fill the training is cut to a tenth of it. */
  LearningRate rate() {
    int warmUp = whole(RecoverySetting.WARM_UP);
    return new LearningRate(
        steps(),
        warmUp < steps() ? warmUp : steps() / 10,
        number(RecoverySetting.RATE),
        0,
        RecoverySetting.DECAY.decay(values.get(RecoverySetting.DECAY)));
  }

  double weightDecay() {
    return number(RecoverySetting.WEIGHT_DECAY);
  }

  int batch() {
    return whole(RecoverySetting.BATCH);
  }

  /** Tokens of one example at most. */
  public int cutoff() {
    return whole(RecoverySetting.CUTOFF);
  }

  int steps() {
    return whole(RecoverySetting.STEPS);
  }

  /** Seconds of training at most; infinite without a limit. */
  double seconds() {
    double minutes = number(RecoverySetting.MINUTES);
    return minutes == 0 ? Double.POSITIVE_INFINITY : 60 * minutes;
  }

  /** Examples held out. */
  public int validation() {
    return whole(RecoverySetting.VALIDATION);
  }

  int evaluateEvery() {
    return whole(RecoverySetting.EVALUATE_EVERY);
  }

  /** Looks without a better one that end the training; 0 for never. */
  int patience() {
    return whole(RecoverySetting.PATIENCE);
  }

  int saveEvery() {
    return whole(RecoverySetting.SAVE_EVERY);
  }

  long seed() {
    return (long) number(RecoverySetting.SEED);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecoverySettings that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return asMap().toString();
  }
}
