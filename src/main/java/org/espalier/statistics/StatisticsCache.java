package org.espalier.statistics;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.espalier.checkpoint.CheckpointException;
import org.espalier.checkpoint.VectorFile;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Statistics on disk, one file per checkpoint, calibration and measurement, so that another ratio,
 * structure or lock needs no forward pass.
 */
public final class StatisticsCache {
  private final Path folder;
  private final boolean finds;

  /**
   * @param folder made when something is stored
   */
  public StatisticsCache(Path folder) {
    this(folder, true);
  }

  private StatisticsCache(Path folder, boolean finds) {
    this.folder = folder;
    this.finds = finds;
  }

  /** The same cache, in which nothing is found, so that all is measured anew and stored. */
  public StatisticsCache renewing() {
    return new StatisticsCache(folder, false);
  }

  /**
   * What was measured before under this key.
   *
   * @param conditions what the numbers depend on beside the checkpoint: the hash of the windows, or
   *     the device; empty for weights only
   */
  public Optional<Statistics> find(
      String checkpointHash, String conditions, Measurement measurement, Set<SubLayer> subLayers) {
    Path file = file(checkpointHash, conditions, measurement);
    if (!finds || !Files.exists(file)) {
      return Optional.empty();
    }
    Map<String, double[]> vectors;
    try {
      vectors = VectorFile.read(file);
    } catch (CheckpointException e) {
      // A damaged cache file is as good as none: it is measured and written again.
      return Optional.empty();
    }
    Map<SubLayer, Map<String, double[]>> statistics = new HashMap<>();
    for (SubLayer subLayer : subLayers) {
      Map<String, double[]> named = new HashMap<>();
      for (String name : measurement.names()) {
        double[] vector = vectors.get(key(subLayer, name));
        if (vector == null) {
          return Optional.empty();
        }
        named.put(name, vector);
      }
      statistics.put(subLayer, named);
    }
    return Optional.of(new Statistics(statistics));
  }

  /** Stores what was measured, for {@link #find}. */
  public void store(
      String checkpointHash, String conditions, Measurement measurement, Statistics statistics) {
    Map<String, double[]> vectors = new LinkedHashMap<>();
    for (SubLayer subLayer : statistics.subLayers()) {
      for (String name : measurement.names()) {
        vectors.put(key(subLayer, name), statistics.vector(subLayer, name));
      }
    }
    VectorFile.write(file(checkpointHash, conditions, measurement), vectors);
  }

  private static String key(SubLayer subLayer, String name) {
    String kind = subLayer.kind() == SubLayerKind.ATTENTION ? "attention" : "feedForward";
    return subLayer.block() + "." + kind + "." + name;
  }

  private Path file(String checkpointHash, String conditions, Measurement measurement) {
    List<String> parts = List.of(checkpointHash, conditions, measurement.id());
    return folder.resolve(sha256(String.join("\n", parts)) + ".safetensors");
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
