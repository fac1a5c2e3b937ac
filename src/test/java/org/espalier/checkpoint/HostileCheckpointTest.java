package org.espalier.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a folder holds, opening it succeeds or ends in one typed, telling error. */
class HostileCheckpointTest {
  @TempDir Path folder;

  static Stream<HostileCheckpoints.Case> corpus() {
    return HostileCheckpoints.all().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("corpus")
  @Timeout(20)
  void is_refused_with_file_and_reason(HostileCheckpoints.Case hostile) throws IOException {
    Path path = hostile.build().in(Files.createDirectory(folder.resolve("checkpoint")));

    CheckpointException failure =
        catchThrowableOfType(CheckpointException.class, () -> Checkpoint.open(path).close());

    assertThat(failure).as("opening must fail").isNotNull();
    assertThat(failure.getMessage())
        .contains(hostile.words())
        .doesNotContainPattern("[\\p{Cntrl}]")
        .hasSizeLessThan(1100);
    assertThat(failure.file()).isNotNull();
  }

  @Test
  void the_corpus_is_large_and_its_names_differ() {
    assertThat(corpus().map(HostileCheckpoints.Case::name))
        .hasSizeGreaterThanOrEqualTo(60)
        .doesNotHaveDuplicates();
  }

  @Test
  void a_lying_length_allocates_nothing() throws IOException {
    TestCheckpoints.valid(folder);
    Path weights = folder.resolve("model.safetensors");
    ByteBuffer length = ByteBuffer.allocate(8).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    Files.write(weights, length.putLong(0, 100_000_000).array());
    assertRefused();

    long before = allocatedBytes();
    assertRefused();

    assertThat(allocatedBytes() - before).isLessThan(1 << 20);
  }

  @Test
  @Timeout(60)
  void mutations_of_valid_files_open_or_are_refused() throws IOException {
    Path single = Files.createDirectory(folder.resolve("single"));
    Path sharded = Files.createDirectory(folder.resolve("sharded"));
    TestCheckpoints.valid(single);
    TestCheckpoints.validSharded(sharded);
    List<Path> victims =
        List.of(
            single.resolve("model.safetensors"),
            single.resolve("config.json"),
            sharded.resolve("model.safetensors.index.json"),
            sharded.resolve("model-00002-of-00002.safetensors"));
    Random random = new Random(20);
    int opened = 0;
    int refused = 0;
    for (int round = 0; round < 2_500; round++) {
      Path victim = victims.get(round % victims.size());
      byte[] original = Files.readAllBytes(victim);
      byte[] mutated = mutate(original, random);
      Files.write(victim, mutated);
      try (Checkpoint checkpoint = Checkpoint.open(victim.getParent())) {
        readEverything(checkpoint);
        opened++;
      } catch (CheckpointException e) {
        assertThat(e.getMessage()).isNotBlank();
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError(
            "round " + round + " on " + victim + ": " + Arrays.toString(mutated), e);
      } finally {
        Files.write(victim, original);
      }
    }
    assertThat(opened).as("some mutations are harmless").isPositive();
    assertThat(refused).as("most are not").isGreaterThan(opened);
  }

  private void assertRefused() {
    assertThatThrownBy(() -> Checkpoint.open(folder).close())
        .isInstanceOf(CheckpointException.class);
  }

  private static void readEverything(Checkpoint checkpoint) {
    for (TensorInfo tensor : checkpoint.tensors().values()) {
      ByteBuffer bytes = checkpoint.map(tensor, 0, (int) tensor.byteLength());
      while (bytes.hasRemaining()) {
        bytes.get();
      }
    }
  }

  /** One to four changes: a flipped bit, another byte, a cut, a splice, a swapped number. */
  private static byte[] mutate(byte[] original, Random random) {
    byte[] bytes = original.clone();
    int changes = 1 + random.nextInt(4);
    for (int change = 0; change < changes && bytes.length > 0; change++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        case 3 -> bytes = splice(bytes, at, random);
        case 4 -> bytes[at] = (byte) ('0' + random.nextInt(10));
        default -> bytes[at] = (byte) "{}[],:\"\\-.e ".charAt(random.nextInt(12));
      }
    }
    return bytes;
  }

  /** Copies a random piece of the file to another place in it. */
  private static byte[] splice(byte[] bytes, int at, Random random) {
    int from = random.nextInt(bytes.length);
    int count = random.nextInt(Math.min(64, bytes.length - from) + 1);
    return ByteBuffer.allocate(bytes.length + count)
        .put(bytes, 0, at)
        .put(bytes, from, count)
        .put(bytes, at, bytes.length - at)
        .array();
  }

  private static long allocatedBytes() {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadAllocatedBytes();
  }
}
