package org.espalier.statistics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.espalier.checkpoint.VectorFile;
import org.espalier.task.EspalierException;
import org.espalier.transformer.HiddenStates;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * A pass journal in a folder: {@code after-N.states} with the residual stream behind block N, and
 * {@code after-N.safetensors} with what was measured up to there. The second is written last and
 * makes the pair valid.
 */
public final class FolderPassJournal implements PassJournal {
  private static final Pattern VECTORS = Pattern.compile("after-(\\d{1,6})\\.safetensors");

  private final Path folder;
  private final long intervalNanoseconds;
  private long lastSave = System.nanoTime();

  /**
   * @param folder that belongs to this pass alone
   * @param intervalNanoseconds saves are at least so far apart, so that quick passes pay nothing
   */
  public FolderPassJournal(Path folder, long intervalNanoseconds) {
    this.folder = folder;
    this.intervalNanoseconds = intervalNanoseconds;
  }

  @Override
  public Optional<Position> resume(HiddenStates states) {
    Optional<Integer> last = lastSaved();
    if (last.isEmpty()) {
      return Optional.empty();
    }
    try {
      Statistics measured = statistics(VectorFile.read(vectors(last.get())));
      states.restore(states(last.get()));
      return Optional.of(new Position(last.get() + 1, measured));
    } catch (EspalierException e) {
      // What a crash damaged is measured again.
      clear();
      return Optional.empty();
    }
  }

  private Optional<Integer> lastSaved() {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> VECTORS.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .map(match -> Integer.valueOf(match.group(1)))
          .max(Integer::compare);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void finished(int block, Statistics measured, HiddenStates states) {
    if (System.nanoTime() - lastSave < intervalNanoseconds) {
      return;
    }
    Optional<Integer> previous = lastSaved();
    states.save(states(block));
    VectorFile.write(vectors(block), vectors(measured));
    previous.filter(old -> old != block).ifPresent(this::delete);
    lastSave = System.nanoTime();
  }

  private void clear() {
    for (Optional<Integer> last = lastSaved(); last.isPresent(); last = lastSaved()) {
      delete(last.get());
    }
  }

  private void delete(int block) {
    try {
      Files.deleteIfExists(vectors(block));
      Files.deleteIfExists(states(block));
    } catch (IOException e) {
      throw new EspalierException(
          "Cannot remove old files in " + folder + ": " + e.getMessage(), e);
    }
  }

  private Path vectors(int block) {
    return folder.resolve("after-" + block + ".safetensors");
  }

  private Path states(int block) {
    return folder.resolve("after-" + block + ".states");
  }

  private static Map<String, double[]> vectors(Statistics statistics) {
    Map<String, double[]> vectors = new LinkedHashMap<>();
    for (SubLayer subLayer : statistics.subLayers()) {
      statistics
          .of(subLayer)
          .forEach(
              (name, vector) ->
                  vectors.put(subLayer.block() + "/" + subLayer.kind() + "/" + name, vector));
    }
    return vectors;
  }

  private static Statistics statistics(Map<String, double[]> vectors) {
    Map<SubLayer, Map<String, double[]>> statistics = new HashMap<>();
    vectors.forEach(
        (key, vector) -> {
          String[] parts = key.split("/", 3);
          SubLayer subLayer =
              new SubLayer(Integer.parseInt(parts[0]), SubLayerKind.valueOf(parts[1]));
          statistics.computeIfAbsent(subLayer, added -> new HashMap<>()).put(parts[2], vector);
        });
    return new Statistics(statistics);
  }
}
