package org.espalier.transformer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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
