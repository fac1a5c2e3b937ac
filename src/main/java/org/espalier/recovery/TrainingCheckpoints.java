package org.espalier.recovery;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.espalier.checkpoint.DType;
import org.espalier.checkpoint.TensorFile;
import org.espalier.checkpoint.TensorInfo;
import org.espalier.checkpoint.TensorSpec;
import org.espalier.task.EspalierException;
import org.espalier.torch.TensorBytes;
import org.espalier.torch.TensorFiles;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;

/**
 * The newest state of a training in a folder, as one file {@code step-N.safetensors}: parameters,
 * moments, the best parameters so far, and all points. A file appears complete or not at all, and
 * the one before it is removed after that.
 */
public final class TrainingCheckpoints {
  private static final Pattern FILE = Pattern.compile("step-(\\d{1,9})\\.safetensors");
  private static final String STATE = "state.";
  private static final String BEST = "best.";
  private static final String POINTS = "points.";

  private final Path folder;

  /**
   * @param folder that belongs to this training alone
   */
  public TrainingCheckpoints(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes the state behind the last of the points.
   *
   * @param state in the order in which {@link #restore} will fill it
   * @param best likewise
   */
  void save(List<NDArray> state, List<NDArray> best, List<RecoveryPoint> points) {
    Optional<Path> previous = newest();
    List<TensorSpec> specs = new ArrayList<>();
    specs.addAll(specs(STATE, state));
    specs.addAll(specs(BEST, best));
    for (Field field : Field.values()) {
      specs.add(new TensorSpec(POINTS + field, DType.F64, List.of((long) points.size())));
    }
    Path file = folder.resolve("step-" + points.get(points.size() - 1).step() + ".safetensors");
    TensorFile.write(
        file,
        specs,
        (spec, part) -> {
          if (spec.name().startsWith(POINTS)) {
            part.write(vector(points, Field.valueOf(spec.name().substring(POINTS.length()))));
          } else {
            boolean isState = spec.name().startsWith(STATE);
            int index = Integer.parseInt(spec.name().substring((isState ? STATE : BEST).length()));
            TensorBytes.read((isState ? state : best).get(index), DType.F32, part::write);
          }
        });
    previous.filter(old -> !old.equals(file)).ifPresent(TrainingCheckpoints::delete);
  }

  private static List<TensorSpec> specs(String prefix, List<NDArray> arrays) {
    List<TensorSpec> specs = new ArrayList<>();
    for (int i = 0; i < arrays.size(); i++) {
      List<Long> shape = Arrays.stream(arrays.get(i).getShape().getShape()).boxed().toList();
      specs.add(new TensorSpec(prefix + i, DType.F32, shape));
    }
    return specs;
  }

  /**
   * Fills the arrays with what was saved last.
   *
   * @return the points up to there; none if nothing usable was saved
   */
  List<RecoveryPoint> restore(List<NDArray> state, List<NDArray> best, Device device) {
    Optional<Path> file = newest();
    if (file.isEmpty()) {
      return List.of();
    }
    try (TensorFiles files = new TensorFiles();
        TorchScope scope = TorchScope.open(device)) {
      Map<String, TensorInfo> tensors =
          TensorFile.tensors(file.get()).stream()
              .collect(Collectors.toMap(TensorInfo::name, tensor -> tensor));
      fill(files, tensors, STATE, state, device);
      fill(files, tensors, BEST, best, device);
      return points(files, tensors);
    } catch (EspalierException e) {
      // What a crash damaged, or another version wrote, is trained again.
      delete(file.get());
      return List.of();
    }
  }

  private static void fill(
      TensorFiles files,
      Map<String, TensorInfo> tensors,
      String prefix,
      List<NDArray> arrays,
      Device device) {
    for (int i = 0; i < arrays.size(); i++) {
      TensorInfo tensor = require(tensors, prefix + i);
      TorchFunctions.overwrite(arrays.get(i), files.load(tensor, device));
    }
  }

  private static TensorInfo require(Map<String, TensorInfo> tensors, String name) {
    TensorInfo tensor = tensors.get(name);
    if (tensor == null) {
      throw new EspalierException("The checkpoint of the training lacks " + name + ".");
    }
    return tensor;
  }

  private static List<RecoveryPoint> points(TensorFiles files, Map<String, TensorInfo> tensors) {
    List<double[]> columns = new ArrayList<>();
    for (Field field : Field.values()) {
      columns.add(files.view(require(tensors, POINTS + field)).toDoubleArray());
    }
    List<RecoveryPoint> points = new ArrayList<>();
    for (int i = 0; i < columns.get(0).length; i++) {
      int at = i;
      double[] row = columns.stream().mapToDouble(column -> column[at]).toArray();
      points.add(
          new RecoveryPoint(
              (int) row[Field.STEP.ordinal()],
              (int) row[Field.STEPS.ordinal()],
              optional(row[Field.LOSS.ordinal()]),
              optional(row[Field.PERPLEXITY.ordinal()]),
              row[Field.RATE.ordinal()],
              row[Field.SECONDS.ordinal()]));
    }
    return points;
  }

  private static OptionalDouble optional(double value) {
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  private static ByteBuffer vector(List<RecoveryPoint> points, Field field) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Double.BYTES * points.size()).order(ByteOrder.LITTLE_ENDIAN);
    points.forEach(point -> bytes.putDouble(field.of.applyAsDouble(point)));
    return bytes.flip();
  }

  /** The columns in which points are kept. */
  private enum Field {
    STEP(RecoveryPoint::step),
    STEPS(RecoveryPoint::steps),
    LOSS(point -> point.loss().orElse(Double.NaN)),
    PERPLEXITY(point -> point.perplexity().orElse(Double.NaN)),
    RATE(RecoveryPoint::rate),
    SECONDS(RecoveryPoint::seconds);

    final ToDoubleFunction<RecoveryPoint> of;

    Field(ToDoubleFunction<RecoveryPoint> of) {
      this.of = of;
    }
  }

  private Optional<Path> newest() {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> FILE.matcher(file.getFileName().toString()).matches())
          .max((a, b) -> Integer.compare(step(a), step(b)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static int step(Path file) {
    Matcher matcher = FILE.matcher(file.getFileName().toString());
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new EspalierException("Cannot remove " + file + ": " + e.getMessage(), e);
    }
  }
}
