package org.espalier.export.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.espalier.checkpoint.CheckpointException;
import org.espalier.checkpoint.TensorInfo;
import org.espalier.task.Progress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a file holds, reading it succeeds or ends in one typed error that names the file. */
class GgufFileTest {
  private static final int VERSION_AT = 4;
  private static final int TENSOR_COUNT_AT = 8;
  private static final int VALUE_COUNT_AT = 16;
  private static final int FIRST_KEY_AT = 24;

  @TempDir Path folder;

  private Path file;
  private byte[] sound;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("model.gguf");
    GgufMetadata metadata =
        new GgufMetadata()
            .put("general.architecture", "deci")
            .put("deci.block_count", 2)
            .put("deci.rope.freq_base", 10_000f)
            .put("tokenizer.ggml.add_bos_token", true)
            .putIntegers("deci.attention.head_count", List.of(4, 0))
            .putFloats("tokenizer.ggml.scores", List.of(0f, -1f, -2f))
            .putStrings("tokenizer.ggml.tokens", List.of("<s>", "▁a", "ü"));
    List<GgufTensor> tensors =
        List.of(
            new GgufTensor("token_embd.weight", GgufType.F16, List.of(3L, 5L)),
            new GgufTensor("blk.0.ffn_down.weight", GgufType.Q8_0, List.of(2L, 64L)),
            new GgufTensor("output_norm.weight", GgufType.F32, List.of(5L)));
    try (GgufWriter writer = new GgufWriter(file, metadata, tensors, Progress.SILENT)) {
      for (GgufTensor tensor : tensors) {
        byte[] content = new byte[(int) tensor.bytes()];
        Arrays.fill(content, (byte) tensor.name().length());
        writer.write(tensor.name(), ByteBuffer.wrap(content));
      }
      writer.requireComplete();
    }
    sound = Files.readAllBytes(file);
  }

  @Test
  void what_was_written_is_read() throws IOException {
    GgufFile read = GgufFile.open(file);

    assertThat(read.metadata().get("general.architecture")).contains("deci");
    assertThat(read.metadata().get("deci.attention.head_count")).contains(List.of(4, 0));
    assertThat(read.metadata().get("tokenizer.ggml.tokens")).contains(List.of("<s>", "▁a", "ü"));
    assertThat(read.tensors())
        .containsOnlyKeys("token_embd.weight", "blk.0.ffn_down.weight", "output_norm.weight");
    GgufTensor down = read.tensors().get("blk.0.ffn_down.weight");
    assertThat(down.shape()).containsExactly(2L, 64L);
    TensorInfo stored = read.stored(down);
    assertThat(stored.byteLength()).isEqualTo(2 * 2 * 34);
    assertThat(sound[(int) stored.offset()]).isEqualTo((byte) down.name().length());
  }

  @Test
  @Timeout(30)
  void a_file_cut_off_anywhere_is_refused() throws IOException {
    // Behind the last tensor only padding would be missing.
    int end = (int) Files.size(file) - GgufWriter.ALIGNMENT;
    for (int length = 0; length < end; length += 3) {
      Files.write(file, Arrays.copyOf(sound, length));
      requireRefused();
    }
  }

  @Test
  void counts_that_no_file_holds_allocate_nothing() throws IOException {
    for (long count : new long[] {1L << 20, Integer.MAX_VALUE, Long.MAX_VALUE, -1, 1L << 63}) {
      for (int at : new int[] {TENSOR_COUNT_AT, VALUE_COUNT_AT, FIRST_KEY_AT}) {
        byte[] lying = sound.clone();
        ByteBuffer.wrap(lying).order(ByteOrder.LITTLE_ENDIAN).putLong(at, count);
        Files.write(file, lying);
        requireRefused();
      }
    }
  }

  @Test
  void other_files_are_told_by_what_they_lack() throws IOException {
    Files.write(
        file, "not a model, but as long as a head would be".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> GgufFile.open(file)).hasMessageContaining("does not begin with GGUF");

    byte[] newer = sound.clone();
    newer[VERSION_AT] = 4;
    Files.write(file, newer);
    assertThatThrownBy(() -> GgufFile.open(file)).hasMessageContaining("version 4");

    Files.delete(file);
    requireRefused();
    Files.createDirectory(file);
    requireRefused();
  }

  @Test
  @Timeout(60)
  void changed_bytes_are_read_or_refused_but_nothing_else() throws IOException {
    Random random = new Random(11);
    int read = 0;
    int refused = 0;
    for (int round = 0; round < 1_000; round++) {
      byte[] bytes = sound.clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        int at = random.nextInt(bytes.length);
        bytes[at] =
            (byte)
                (random.nextBoolean() ? bytes[at] ^ (1 << random.nextInt(8)) : random.nextInt(256));
      }
      Files.write(file, bytes);
      try {
        GgufFile opened = GgufFile.open(file);
        for (GgufTensor tensor : opened.tensors().values()) {
          TensorInfo stored = opened.stored(tensor);
          assertThat(stored.offset() + stored.byteLength()).isLessThanOrEqualTo(bytes.length);
        }
        read++;
      } catch (CheckpointException e) {
        assertThat(e.getMessage()).contains("model.gguf").doesNotContainPattern("[\\p{Cntrl}]");
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("round " + round + ": " + Arrays.toString(bytes), e);
      }
    }
    assertThat(read).as("some changes are harmless").isPositive();
    assertThat(refused).as("others are not").isPositive();
  }

  private void requireRefused() {
    assertThatThrownBy(() -> GgufFile.open(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("model.gguf");
  }
}
