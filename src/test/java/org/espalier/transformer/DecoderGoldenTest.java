package org.espalier.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.golden.GoldenTensors;
import org.espalier.task.Progress;
import org.espalier.torch.TensorFiles;
import org.espalier.torch.TorchScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DecoderGoldenTest {
  private static final double TOLERANCE = 1e-4;

  static Stream<String> families() throws IOException {
    try (Stream<Path> folders = Files.list(GoldenModel.GOLDEN.resolve("families"))) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList().stream();
    }
  }

  @Test
  void hidden_states_and_logits_of_the_small_model_agree_with_the_reference() {
    Path reference = GoldenModel.GOLDEN.resolve("tiny-mha/forward/tensors.safetensors");
    try (Decoder decoder = GoldenModel.open(GoldenModel.TINY, BlockPlacement.RESIDENT);
        TensorFiles files = new TensorFiles();
        TorchScope scope = TorchScope.open(Device.cpu())) {
      NDArray hidden = decoder.embed(golden(files, reference, "input_ids"));
      for (int block = 0; block < 6; block++) {
        assertThat(difference(files, reference, "hidden_" + block, hidden)).isLessThan(TOLERANCE);
        try (BlockWeights weights = decoder.blocks().load(block)) {
          hidden = decoder.forward(block, weights, hidden);
        }
      }
      assertThat(difference(files, reference, "hidden_6", decoder.normalise(hidden)))
          .isLessThan(TOLERANCE);
      assertThat(difference(files, reference, "logits", decoder.logits(hidden)))
          .isLessThan(TOLERANCE);
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void logits_of_a_family_agree_with_the_reference(String family) {
    checkLogits(GoldenModel.family(family), GoldenModel.family(family));
  }

  @ParameterizedTest
  @MethodSource("families")
  void configurations_with_the_older_keys_mean_the_same(String family, @TempDir Path copy)
      throws IOException {
    Path folder = GoldenModel.family(family);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    Files.move(
        copy.resolve("config_v4.json"),
        copy.resolve("config.json"),
        StandardCopyOption.REPLACE_EXISTING);

    checkLogits(copy, folder);
  }

  @ParameterizedTest
  @MethodSource("families")
  void streamed_blocks_compute_the_same_bits_as_resident_ones(String family) {
    int[][] ids =
        GoldenModel.ids(
            GoldenModel.json(GoldenModel.family(family).resolve("golden.json")).get("input_ids"));
    List<byte[]> bits = new ArrayList<>();
    for (BlockPlacement placement : BlockPlacement.values()) {
      try (Decoder decoder = GoldenModel.open(GoldenModel.family(family), placement)) {
        bits.add(GoldenModel.logitBits(decoder, ids));
      }
    }
    assertThat(bits).allSatisfy(same -> assertThat(same).isEqualTo(bits.get(0)));
  }

  @Test
  void observed_passes_compute_the_same_bits_and_show_every_sub_layer() {
    int[][] ids = {{256, 84, 104, 101, 32}};
    try (Decoder decoder = GoldenModel.open(GoldenModel.TINY, BlockPlacement.STREAMED);
        TorchScope scope = TorchScope.open(Device.cpu())) {
      List<SubLayer> seen = new ArrayList<>();
      NDArray observed =
          decoder.forward(
              scope.tokens(ids),
              (subLayer, activations) -> {
                seen.add(subLayer);
                long width = subLayer.kind() == SubLayerKind.ATTENTION ? 128 : 344;
                assertThat(activations.units().getShape().getShape()).containsExactly(1, 5, width);
                assertThat(
                        GoldenModel.largestDifference(
                            activations.input().add(activations.branch()), activations.output()))
                    .isZero();
              },
              Progress.SILENT);
      NDArray plain = decoder.forward(scope.tokens(ids), Progress.SILENT);

      assertThat(GoldenModel.largestDifference(observed, plain)).isZero();
      assertThat(seen).hasSize(12).startsWith(SubLayer.attention(0), SubLayer.feedForward(0));
    }
  }

  private static void checkLogits(Path model, Path reference) {
    JsonNode golden = GoldenModel.json(reference.resolve("golden.json"));
    float[][][] expected = new ObjectMapper().convertValue(golden.get("logits"), float[][][].class);
    try (Decoder decoder = GoldenModel.open(model, BlockPlacement.STREAMED);
        TorchScope scope = TorchScope.open(Device.cpu())) {
      NDArray ids = scope.tokens(GoldenModel.ids(golden.get("input_ids")));
      NDArray logits = decoder.logits(decoder.forward(ids, Progress.SILENT)).get(":,40:48");
      for (int window = 0; window < expected.length; window++) {
        NDArray rows = scope.manager().create(expected[window]);
        assertThat(GoldenModel.largestDifference(logits.get(window), rows)).isLessThan(TOLERANCE);
      }
    }
  }

  private static double difference(TensorFiles files, Path file, String name, NDArray actual) {
    return GoldenModel.largestDifference(actual, golden(files, file, name));
  }

  private static NDArray golden(TensorFiles files, Path file, String name) {
    return files.view(GoldenTensors.of(file).get(name));
  }
}
