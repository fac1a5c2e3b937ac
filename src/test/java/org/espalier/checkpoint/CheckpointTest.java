package org.espalier.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.espalier.task.CancelledException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  @TempDir Path folder;

  @Test
  void one_file_is_read_slice_by_slice() throws IOException {
    TestCheckpoints.valid(folder);

    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.configuration().get("model_type").textValue()).isEqualTo("llama");
      assertThat(checkpoint.tensors().keySet()).containsExactly("a", "b", "empty");
      TensorInfo b = checkpoint.tensor("b");
      assertThat(b.dtype()).isEqualTo(DType.F32);
      assertThat(b.shape()).containsExactly(2L, 3L);
      assertThat(b.elements()).isEqualTo(6);
      ByteBuffer slice = checkpoint.map(b, 4, 8);
      assertThat(slice.isReadOnly()).isTrue();
      assertThat(slice.isDirect()).isTrue();
      assertThat(slice.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
      assertThat(slice.getFloat()).isEqualTo(1f);
      assertThat(slice.getFloat()).isEqualTo(2f);
      assertThat(slice.hasRemaining()).isFalse();
      assertThat(checkpoint.map(checkpoint.tensor("empty"), 0, 0).hasRemaining()).isFalse();
    }
  }

  @Test
  void shards_are_read_through_their_index() throws IOException {
    TestCheckpoints.validSharded(folder);

    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.tensors().keySet()).containsExactly("a", "b", "empty");
      assertThat(checkpoint.map(checkpoint.tensor("b"), 20, 4).getFloat()).isEqualTo(5f);
    }
  }

  @Test
  void a_missing_tensor_is_named() throws IOException {
    TestCheckpoints.valid(folder);

    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThatThrownBy(() -> checkpoint.tensor("model.norm.weight"))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("model.norm.weight")
          .hasMessageContaining("missing");
    }
  }

  @Test
  void slices_outside_the_tensor_and_closed_checkpoints_are_refused() throws IOException {
    TestCheckpoints.valid(folder);
    Checkpoint checkpoint = Checkpoint.open(folder);
    TensorInfo b = checkpoint.tensor("b");

    assertThatThrownBy(() -> checkpoint.map(b, 20, 8))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> checkpoint.map(b, -1, 4))
        .isInstanceOf(IndexOutOfBoundsException.class);
    ByteBuffer kept = checkpoint.map(b, 0, 24);
    checkpoint.close();
    assertThatThrownBy(() -> checkpoint.map(b, 0, 4)).isInstanceOf(IllegalStateException.class);
    assertThat(kept.getFloat(20)).isEqualTo(5f);
  }

  @Test
  void a_file_that_changed_after_opening_is_not_mapped() throws IOException {
    TestCheckpoints.valid(folder);

    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      Files.setLastModifiedTime(folder.resolve("model.safetensors"), FileTime.fromMillis(1000));
      assertThatThrownBy(() -> checkpoint.map(checkpoint.tensor("b"), 0, 4))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("has changed since it was opened");
    }
  }

  @Test
  void tensors_beyond_two_gibibytes_are_mapped() throws IOException {
    long big = (5L << 30) + 64;
    String header =
        TestCheckpoints.entry("big", "U8", "[" + big + "]", 0, big)
            + ","
            + TestCheckpoints.entry("small", "U8", "[4]", big, big + 4);
    Path file = folder.resolve("model.safetensors");
    TestCheckpoints.configuration(folder);
    long dataStart = TestCheckpoints.writeSparse(file, "{" + header + "}", big + 4);
    TestCheckpoints.poke(file, dataStart + big - 1, new byte[] {7, 1, 2, 3, 4});
    TestCheckpoints.poke(file, dataStart + (2L << 30) - 1, new byte[] {9, 8});

    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      TensorInfo tensor = checkpoint.tensor("big");
      assertThat(tensor.byteLength()).isEqualTo(big);
      assertThat(checkpoint.map(tensor, big - 1, 1).get()).isEqualTo((byte) 7);
      ByteBuffer across = checkpoint.map(tensor, (2L << 30) - 2, 4);
      assertThat(new byte[] {across.get(), across.get(), across.get(), across.get()})
          .containsExactly(0, 9, 8, 0);
      ByteBuffer wide = checkpoint.map(tensor, (1L << 30) + 5, Integer.MAX_VALUE);
      assertThat(wide.get((1 << 30) - 6)).isEqualTo((byte) 9);
      assertThat(checkpoint.map(checkpoint.tensor("small"), 0, 4).getInt()).isEqualTo(0x04030201);
    }
  }

  @Test
  void files_beside_the_weights_are_found_by_plain_name_only() throws IOException {
    TestCheckpoints.valid(folder);
    Files.writeString(folder.resolve("tokenizer.json"), "{}");

    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.file("tokenizer.json")).hasValue(folder.resolve("tokenizer.json"));
      assertThat(checkpoint.file("merges.txt")).isEmpty();
      for (String name : List.of("../x", "/etc/passwd", "..", "", "a\\b", "C:x", "a\u0000b")) {
        assertThatThrownBy(() -> checkpoint.file(name))
            .isInstanceOf(CheckpointException.class)
            .hasMessageContaining("not a plain name");
      }
    }
  }

  @Test
  void the_cache_of_the_hub_with_its_links_opens() throws IOException {
    Path snapshot = Files.createDirectories(folder.resolve("models--x/snapshots/0a1b"));
    Path blobs = Files.createDirectories(folder.resolve("models--x/blobs"));
    TestCheckpoints.valid(snapshot);
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.move(snapshot.resolve(name), blobs.resolve(name + "-blob"));
      Files.createSymbolicLink(
          snapshot.resolve(name), Path.of("../../blobs").resolve(name + "-blob"));
    }

    try (Checkpoint checkpoint = Checkpoint.open(snapshot)) {
      assertThat(checkpoint.map(checkpoint.tensor("b"), 4, 4).getFloat()).isEqualTo(1f);
    }
  }

  @Test
  void the_configuration_handed_out_is_a_copy() throws IOException {
    TestCheckpoints.valid(folder);

    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      ((com.fasterxml.jackson.databind.node.ObjectNode) checkpoint.configuration()).removeAll();
      assertThat(checkpoint.configuration().isEmpty()).isFalse();
    }
  }

  @Test
  void the_hash_follows_the_content_and_not_the_sharding() throws IOException {
    Path one = Files.createDirectory(folder.resolve("one"));
    Path sharded = Files.createDirectory(folder.resolve("sharded"));
    Path other = Files.createDirectory(folder.resolve("other"));
    Path reconfigured = Files.createDirectory(folder.resolve("reconfigured"));
    TestCheckpoints.valid(one);
    TestCheckpoints.validSharded(sharded);
    TestCheckpoints.valid(other);
    Path weights = other.resolve("model.safetensors");
    TestCheckpoints.poke(weights, Files.size(weights) - 1, new byte[] {1});
    TestCheckpoints.valid(reconfigured);
    Files.writeString(reconfigured.resolve("config.json"), "{\"model_type\":\"qwen2\"}");

    String hash = hash(one);
    assertThat(hash).matches("[0-9a-f]{64}").isEqualTo(hash(sharded)).isEqualTo(hash(one));
    assertThat(hash(other)).isNotEqualTo(hash);
    assertThat(hash(reconfigured)).isNotEqualTo(hash);
  }

  @Test
  void hashing_reports_and_can_be_cancelled() throws IOException {
    long bytes = 100L << 20;
    TestCheckpoints.configuration(folder);
    TestCheckpoints.writeSparse(
        folder.resolve("model.safetensors"),
        "{" + TestCheckpoints.entry("a", "U8", "[" + bytes + "]", 0, bytes) + "}",
        bytes);

    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThatThrownBy(
              () ->
                  checkpoint.hash(
                      (stage, done, total) -> {
                        if (done > 0) {
                          throw new CancelledException();
                        }
                      }))
          .isInstanceOf(CancelledException.class);
      List<Long> reports = new ArrayList<>();
      checkpoint.hash(
          (stage, done, total) -> {
            assertThat(total).isEqualTo(bytes);
            reports.add(done);
          });
      assertThat(reports).isSorted().startsWith(0L).endsWith(bytes);
    }
  }

  @Test
  void real_models_open() {
    String shared = System.getenv().getOrDefault("ESPALIER_SHARED", "../shared");
    Path model = Path.of(shared, "data", "models", "stories260K");
    assumeTrue(Files.isDirectory(model), "the shared data folder is not here");

    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      assertThat(checkpoint.configuration().get("hidden_size").intValue()).isEqualTo(64);
      assertThat(checkpoint.tensor("model.layers.4.mlp.down_proj.weight").shape())
          .containsExactly(64L, 172L);
      assertThat(checkpoint.file("tokenizer.json")).isPresent();
    }
  }

  private static String hash(Path folder) {
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      return checkpoint.hash();
    }
  }
}
