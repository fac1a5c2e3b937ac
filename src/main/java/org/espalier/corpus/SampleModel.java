package org.espalier.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.task.EspalierException;

/**
 * The small model that comes with the program, as files: what lies inside a jar cannot be mapped,
 * so it is unpacked once for each version.
 *
 * @param folder the unpacked checkpoint
 */
public record SampleModel(Path folder) {
  private static final String RESOURCES = "/sample/";
  private static final String CALIBRATION = "calibration.txt";
  private static final String EVALUATION = "evaluation.txt";
  private static final String[] FILES = {
    "config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
    "generation_config.json",
    "training.json",
    CALIBRATION,
    EVALUATION
  };

  /**
   * Unpacks the model into a folder named after its content, or finds it there.
   *
   * <p>The folder appears complete or not at all; several processes may do this at once.
   *
   * @param parent where it may be kept, for example the user's data folder; created when missing
   * @throws EspalierException if it cannot be written
   */
  public static SampleModel unpack(Path parent) {
    try {
      Map<String, byte[]> files = files();
      Path target = parent.resolve("sample-" + version(files));
      if (!isComplete(target, files)) {
        write(parent, target, files);
      }
      return new SampleModel(target);
    } catch (IOException e) {
      throw new EspalierException(
          "The sample model cannot be unpacked into "
              + parent
              + " ("
              + e.getMessage()
              + "); free space or choose another workspace.",
          e);
    }
  }

  private static Map<String, byte[]> files() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : FILES) {
      try (InputStream in = SampleModel.class.getResourceAsStream(RESOURCES + name)) {
        if (in == null) {
          throw new IllegalStateException("the program was built without sample/" + name);
        }
        files.put(name, in.readAllBytes());
      }
    }
    return files;
  }

  private static String version(Map<String, byte[]> files) {
    StringBuilder hashes = new StringBuilder();
    files.forEach((name, content) -> hashes.append(name).append(Hashes.sha256(content)));
    return Hashes.sha256(hashes.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 12);
  }

  private static boolean isComplete(Path target, Map<String, byte[]> files) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = target.resolve(file.getKey());
      if (!Files.isRegularFile(path) || Files.size(path) != file.getValue().length) {
        return false;
      }
    }
    return true;
  }

  private static void write(Path parent, Path target, Map<String, byte[]> files)
      throws IOException {
    Files.createDirectories(parent);
    Path work = Files.createTempDirectory(parent, ".sample-");
    try {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Files.write(work.resolve(file.getKey()), file.getValue());
      }
      publish(work, target, files);
    } finally {
      remove(work);
    }
  }

  private static void publish(Path work, Path target, Map<String, byte[]> files)
      throws IOException {
    if (Files.exists(target) && !isComplete(target, files)) {
      remove(target);
    }
    try {
      Files.move(work, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      if (!isComplete(target, files)) {
        throw e;
      }
    }
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.toList()) {
        Files.delete(entry);
      }
    }
    Files.delete(folder);
  }

  /** Text for calibration: stories that the model was not trained on. */
  public Path calibrationText() {
    return folder.resolve(CALIBRATION);
  }

  /** Held-out text for perplexity: stories that appear neither in training nor calibration. */
  public Path evaluationText() {
    return folder.resolve(EVALUATION);
  }
}
