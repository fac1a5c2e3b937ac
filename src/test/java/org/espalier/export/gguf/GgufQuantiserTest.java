package org.espalier.export.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.espalier.torch.TorchScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Held against bytes that the reference implementation of the format gave (gguf-py 0.19.0). */
class GgufQuantiserTest {
  private static final Path GOLDEN = Path.of("src/test/resources/export/quantised.json");

  @ParameterizedTest
  @EnumSource(
      value = GgufType.class,
      names = {"Q8_0", "Q4_0"})
  void blocks_are_those_of_the_reference_to_the_bit(GgufType type) throws IOException {
    JsonNode golden = new JsonMapper().readTree(GOLDEN.toFile());
    byte[] expected = HexFormat.of().parseHex(golden.get(type.name()).textValue());
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      NDArray values = values(scope, golden.get("values"));

      assertThat(bytes(values, type)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = GgufType.class,
      names = {"Q8_0", "Q4_0"})
  void blocks_mean_what_the_reference_reads_in_them(GgufType type) throws IOException {
    JsonNode golden = new JsonMapper().readTree(GOLDEN.toFile());
    byte[] stored = HexFormat.of().parseHex(golden.get(type.name()).textValue());
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      NDArray values = values(scope, golden.get("values"));
      NDArray bytes = scope.manager().create(stored).toType(DataType.UINT8, true);
      GgufTensor tensor =
          new GgufTensor("x", type, List.of(values.getShape().get(0), values.getShape().get(1)));

      NDArray read = GgufQuantiser.read(bytes, tensor);

      float[] actual = read.toFloatArray();
      JsonNode back = golden.get(type.name() + "_back");
      for (int i = 0; i < actual.length; i++) {
        assertThat(actual[i]).isEqualTo(back.get(i).floatValue());
      }
      assertThat(GgufQuantiser.error(values, read, type).largestShare())
          .isLessThanOrEqualTo(type.largestError());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 6, 24})
  void pairs_are_put_side_by_side_and_back(int headSize) {
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      float[] rows = new float[2 * headSize];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = i;
      }
      NDArray halves = scope.array(rows, rows.length, 1);

      NDArray pairs = GgufQuantiser.toPairs(halves, headSize);

      assertThat(pairs.toFloatArray())
          .startsWith(0, headSize / 2f, 1, headSize / 2f + 1)
          .endsWith(headSize * 1.5f - 1, headSize * 2f - 1);
      assertThat(GgufQuantiser.toHalves(pairs, headSize).toFloatArray()).isEqualTo(rows);
    }
  }

  @Test
  void a_wrong_byte_shows_in_the_error() {
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      float[] exact = new float[32];
      Arrays.fill(exact, 1);
      float[] wrong = exact.clone();
      wrong[7] = 0.98f;

      RoundingError error =
          GgufQuantiser.error(scope.array(exact, 1, 32), scope.array(wrong, 1, 32), GgufType.Q8_0);

      assertThat(error.largestShare()).isGreaterThan(GgufType.Q8_0.largestError());
    }
  }

  private static NDArray values(TorchScope scope, JsonNode rows) {
    int columns = rows.get(0).size();
    float[] values = new float[rows.size() * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows.get(i / columns).get(i % columns).floatValue();
    }
    return scope.array(values, rows.size(), columns);
  }

  private static byte[] bytes(NDArray values, GgufType type) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    GgufQuantiser.write(
        values,
        type,
        part -> {
          byte[] piece = new byte[part.remaining()];
          part.get(piece);
          out.writeBytes(piece);
        });
    return out.toByteArray();
  }
}
