package org.espalier.transformer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.checkpoint.DType;
import org.espalier.task.Progress;
import org.espalier.torch.TensorBytes;
import org.espalier.torch.TorchScope;

/** Reference models and values that were computed with the Hugging Face stack. */
final class GoldenModel {
  static final Path GOLDEN = Path.of("src/test/resources/golden");
  static final Path TINY = GOLDEN.resolve("models/tiny-mha");

  private GoldenModel() {}

  static Path family(String name) {
    return GOLDEN.resolve("families").resolve(name);
  }

  static JsonNode json(Path file) {
    try {
      return new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int[][] ids(JsonNode rows) {
    return new ObjectMapper().convertValue(rows, int[][].class);
  }

  static int[] row(JsonNode ids) {
    return new ObjectMapper().convertValue(ids, int[].class);
  }

  static Decoder open(Path folder, BlockPlacement placement) {
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      return Decoder.open(checkpoint, Device.cpu(), placement);
    }
  }

  /**
   * A copy of a model in which no token ends a text, so that continuations are as long as asked.
   */
  static Path endless(Path folder, Path copy) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
      ObjectNode config = (ObjectNode) json(copy.resolve("config.json"));
      config.remove("eos_token_id");
      Files.writeString(copy.resolve("config.json"), config.toString());
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static double largestDifference(NDArray actual, NDArray expected) {
    return actual.sub(expected).abs().max().getFloat();
  }

  /** Bits of all logits of a batch. */
  static byte[] logitBits(Decoder decoder, int[][] ids) {
    try (TorchScope scope = TorchScope.open(decoder.device())) {
      NDArray hidden = decoder.forward(scope.tokens(ids), Progress.SILENT);
      return TensorBytes.toArray(decoder.logits(hidden), DType.F32);
    }
  }
}
