package org.espalier.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.espalier.task.CancelledException;
import org.espalier.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointWriterTest {
  private static final ObjectNode CONFIGURATION =
      new JsonMapper().createObjectNode().put("model_type", "llama").put("hidden_size", 8);

  @TempDir Path parent;

  // ---- what is written can be read again

  @Provide
  Arbitrary<List<TensorSpec>> tensors() {
    Arbitrary<TensorSpec> tensor =
        Combinators.combine(
                Arbitraries.strings().alpha().numeric().withChars("._\"\\é").ofLength(6),
                Arbitraries.of(DType.BF16, DType.F16, DType.F32, DType.U8),
                Arbitraries.longs().between(0, 9).list().ofMaxSize(3))
            .as(TensorSpec::new);
    return tensor.list().ofMinSize(1).ofMaxSize(9).uniqueElements(TensorSpec::name);
  }

  @Property(tries = 60)
  void any_tensors_come_back_bit_for_bit(
      @ForAll("tensors") List<TensorSpec> tensors,
      @ForAll @IntRange(min = 1, max = 4000) int shardBytes,
      @ForAll long seed)
      throws IOException {
    Path folder = Files.createTempDirectory("espalier-writer");
    try {
      Map<String, byte[]> content = randomContent(tensors, seed);
      Path target = folder.resolve("written");
      writer(target)
          .shardBytes(shardBytes)
          .write(
              tensors,
              inSlices(tensors, content, seed),
              CheckpointWriterTest::unverified,
              Progress.SILENT);

      try (Checkpoint checkpoint = Checkpoint.open(target)) {
        assertThat(checkpoint.configuration()).isEqualTo(CONFIGURATION);
        assertThat(checkpoint.tensors()).hasSameSizeAs(tensors);
        for (TensorSpec tensor : tensors) {
          TensorInfo read = checkpoint.tensor(tensor.name());
          assertThat(read.dtype()).isEqualTo(tensor.dtype());
          assertThat(read.shape()).isEqualTo(tensor.shape());
          byte[] bytes = new byte[(int) read.byteLength()];
          checkpoint.map(read, 0, bytes.length).get(bytes);
          assertThat(bytes).isEqualTo(content.get(tensor.name()));
          assertThat(read.offset() % read.dtype().bytes()).isZero();
        }
      }
    } finally {
      WorkFolder.deleteTree(folder);
    }
  }

  @Test
  void shards_are_filled_in_order_and_named_like_those_of_the_hub() throws IOException {
    List<TensorSpec> tensors =
        List.of(spec("a", 60), spec("b", 40), spec("c", 1), spec("large", 300), spec("d", 5));

    Path target =
        writer("out")
            .shardBytes(100)
            .write(tensors, zeros(tensors), CheckpointWriterTest::unverified, silent());

    try (Checkpoint checkpoint = Checkpoint.open(target)) {
      Map<String, Set<String>> tensorsOfShard = new TreeMap<>();
      checkpoint
          .tensors()
          .forEach(
              (name, tensor) ->
                  tensorsOfShard
                      .computeIfAbsent(
                          tensor.file().getFileName().toString(), k -> new LinkedHashSet<>())
                      .add(name));
      assertThat(tensorsOfShard)
          .containsExactly(
              Map.entry("model-00001-of-00004.safetensors", Set.of("a", "b")),
              Map.entry("model-00002-of-00004.safetensors", Set.of("c")),
              Map.entry("model-00003-of-00004.safetensors", Set.of("large")),
              Map.entry("model-00004-of-00004.safetensors", Set.of("d")));
    }
    assertThat(
            new JsonMapper()
                .readTree(target.resolve("model.safetensors.index.json").toFile())
                .at("/metadata/total_size")
                .longValue())
        .isEqualTo(406);
  }

  @Test
  void the_header_is_aligned_and_names_the_layout() throws IOException {
    List<TensorSpec> tensors = List.of(spec("odd-name", 3));

    Path target =
        writer("out").write(tensors, zeros(tensors), CheckpointWriterTest::unverified, silent());

    SafetensorsHeader header = SafetensorsHeader.read(target.resolve("model.safetensors"));
    assertThat(header.metadata()).containsExactly(Map.entry("format", "pt"));
    assertThat(header.tensors().get(0).offset() % 8).isZero();
  }

  @Test
  void sizes_beyond_two_gibibytes_are_laid_out() {
    TensorSpec huge = new TensorSpec("huge", DType.BF16, List.of(128_256L, 16_384L));
    List<ShardLayout> shards =
        ShardLayout.arrange(
            List.of(huge, new TensorSpec("next", DType.BF16, List.of(8L))), 5_000_000_000L);

    assertThat(huge.byteLength()).isEqualTo(4_202_692_608L);
    assertThat(shards).hasSize(1);
    assertThat(shards.get(0).header()).contains("[4202692608,4202692624]");
    assertThat(shards.get(0).fileBytes()).isGreaterThan(4_202_692_624L);
  }

  @Test
  void other_files_travel_along_and_links_become_files() throws IOException {
    Path tokenizer = Files.writeString(parent.resolve("blob"), "{\"version\":\"1.0\"}");
    Path link = Files.createSymbolicLink(parent.resolve("tokenizer.json"), tokenizer);
    List<TensorSpec> tensors = List.of(spec("a", 1));

    Path target =
        writer("out")
            .copy(link)
            .file("NOTICE", new byte[] {'x'})
            .write(tensors, zeros(tensors), CheckpointWriterTest::unverified, silent());

    assertThat(target.resolve("tokenizer.json")).hasSameTextualContentAs(tokenizer);
    assertThat(Files.isSymbolicLink(target.resolve("tokenizer.json"))).isFalse();
    assertThat(target.resolve("NOTICE")).hasContent("x");
  }

  // ---- nothing is ever half there

  @Test
  void the_verification_sees_the_complete_folder_before_it_has_its_name() throws IOException {
    List<TensorSpec> tensors = List.of(spec("a", 9));
    List<Path> seen = new ArrayList<>();

    Path target =
        writer("out")
            .write(
                tensors,
                zeros(tensors),
                folder -> {
                  try (Checkpoint checkpoint = Checkpoint.open(folder)) {
                    assertThat(checkpoint.tensor("a").byteLength()).isEqualTo(9);
                  }
                  assertThat(parent.resolve("out")).doesNotExist();
                  seen.add(folder);
                },
                silent());

    assertThat(seen).hasSize(1).doesNotContain(target);
    assertThat(entries()).containsExactly("out");
  }

  @Test
  void a_failed_verification_leaves_nothing() throws IOException {
    List<TensorSpec> tensors = List.of(spec("a", 9));

    assertThatThrownBy(
            () ->
                writer("out")
                    .write(
                        tensors,
                        zeros(tensors),
                        folder -> {
                          throw new CheckpointException(folder, "gives other logits");
                        },
                        silent()))
        .hasMessageContaining("gives other logits");
    assertThat(entries()).isEmpty();
  }

  @Test
  void a_cancel_leaves_nothing() throws IOException {
    List<TensorSpec> tensors = List.of(spec("a", 9), spec("b", 9));

    assertThatThrownBy(
            () ->
                writer("out")
                    .write(
                        tensors,
                        zeros(tensors),
                        CheckpointWriterTest::unverified,
                        (stage, done, total) -> {
                          if (done > 0) {
                            throw new CancelledException();
                          }
                        }))
        .isInstanceOf(CancelledException.class);
    assertThat(entries()).isEmpty();
  }

  @Test
  void missing_surplus_and_unknown_bytes_are_refused() throws IOException {
    List<TensorSpec> tensors = List.of(spec("a", 4));

    assertThatThrownBy(
            () ->
                writer("out")
                    .write(tensors, sink -> {}, CheckpointWriterTest::unverified, silent()))
        .hasMessageContaining("a still lacks 4 bytes");
    assertThatThrownBy(
            () ->
                writer("out")
                    .write(
                        tensors,
                        sink -> sink.write("a", ByteBuffer.allocate(5)),
                        CheckpointWriterTest::unverified,
                        silent()))
        .hasMessageContaining("1 bytes more");
    assertThatThrownBy(
            () ->
                writer("out")
                    .write(
                        tensors,
                        sink -> sink.write("b", ByteBuffer.allocate(1)),
                        CheckpointWriterTest::unverified,
                        silent()))
        .hasMessageContaining("b was not announced");
    assertThat(entries()).isEmpty();
  }

  @Test
  void a_full_disk_is_noticed_before_writing() throws IOException {
    List<TensorSpec> tensors = List.of(new TensorSpec("a", DType.F32, List.of(1_000_000_000L)));

    assertThatThrownBy(
            () ->
                writer("out")
                    .freeSpace(folder -> 3_000_000_000L)
                    .write(tensors, sink -> {}, CheckpointWriterTest::unverified, silent()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("needs 4017 MB but the disk has only 3000 MB free");
    assertThat(entries()).isEmpty();
  }

  @Test
  void a_disk_that_fills_up_meanwhile_is_told_as_such() throws IOException {
    Iterator<Long> free = List.of(1_000_000_000L, 4096L).iterator();

    assertThatThrownBy(
            () ->
                writer("out")
                    .freeSpace(folder -> free.next())
                    .write(
                        List.of(spec("a", 1)),
                        sink -> {
                          throw new UncheckedIOException(
                              new IOException("No space left on device"));
                        },
                        CheckpointWriterTest::unverified,
                        silent()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(parent.resolve("out") + ": was not written")
        .hasMessageContaining("the disk filled up meanwhile; free some of it");
    assertThat(entries()).isEmpty();
  }

  @Test
  void room_that_a_killed_writer_holds_is_free_for_the_next_one() throws IOException {
    abandoned(".out.espalier-writing-4242-0a1b2c3d");
    List<TensorSpec> tensors = List.of(spec("a", 1));

    writer("out")
        .freeSpace(folder -> entries().isEmpty() ? 1_000_000_000L : 0)
        .write(tensors, zeros(tensors), CheckpointWriterTest::unverified, silent());

    assertThat(entries()).containsExactly("out");
  }

  // ---- nothing else is ever harmed

  @Test
  void the_source_is_never_the_target() throws IOException {
    Path source = Files.createDirectory(parent.resolve("source"));
    TestCheckpoints.valid(source);
    Path alias = Files.createSymbolicLink(parent.resolve("alias"), source);
    List<TensorSpec> tensors = List.of(spec("a", 1));

    for (Path target :
        List.of(source, source.resolve("pruned"), alias, alias.resolve("pruned"), parent)) {
      assertThatThrownBy(
              () ->
                  writer(target)
                      .protecting(source)
                      .replacing(true)
                      .write(tensors, zeros(tensors), CheckpointWriterTest::unverified, silent()))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("its own source");
    }
    assertThat(entries()).containsExactlyInAnyOrder("source", "alias");
    Checkpoint.open(source).close();
  }

  @Test
  void an_existing_target_needs_leave_to_be_replaced() throws IOException {
    Path target = Files.createDirectory(parent.resolve("out"));
    TestCheckpoints.valid(target);
    List<TensorSpec> tensors = List.of(spec("new", 1));

    assertThatThrownBy(
            () ->
                writer(target)
                    .write(tensors, zeros(tensors), CheckpointWriterTest::unverified, silent()))
        .hasMessageContaining("exists already");
    Checkpoint.open(target).close();

    writer(target)
        .replacing(true)
        .write(tensors, zeros(tensors), CheckpointWriterTest::unverified, silent());
    try (Checkpoint checkpoint = Checkpoint.open(target)) {
      assertThat(checkpoint.tensors()).containsOnlyKeys("new");
    }
    assertThat(entries()).containsExactly("out");
  }

  @Test
  void only_checkpoints_and_empty_folders_are_replaced() throws IOException {
    Path thesis = Files.createDirectory(parent.resolve("thesis"));
    Files.writeString(thesis.resolve("chapter-1.tex"), "years of work");
    Path file = Files.writeString(parent.resolve("file"), "x");
    Path empty = Files.createDirectory(parent.resolve("empty"));
    List<TensorSpec> tensors = List.of(spec("a", 1));

    assertThatThrownBy(
            () ->
                writer(thesis)
                    .replacing(true)
                    .write(tensors, zeros(tensors), CheckpointWriterTest::unverified, silent()))
        .hasMessageContaining("something other than a checkpoint");
    assertThatThrownBy(
            () ->
                writer(file)
                    .replacing(true)
                    .write(tensors, zeros(tensors), CheckpointWriterTest::unverified, silent()))
        .hasMessageContaining("is a file");
    writer(empty)
        .replacing(true)
        .write(tensors, zeros(tensors), CheckpointWriterTest::unverified, silent());

    assertThat(thesis.resolve("chapter-1.tex")).hasContent("years of work");
    Checkpoint.open(empty).close();
  }

  @Test
  void a_failed_replacement_keeps_the_old_checkpoint() throws IOException {
    Path target = Files.createDirectory(parent.resolve("out"));
    TestCheckpoints.valid(target);
    List<TensorSpec> tensors = List.of(spec("new", 4));

    assertThatThrownBy(
            () ->
                writer(target)
                    .replacing(true)
                    .write(tensors, sink -> {}, CheckpointWriterTest::unverified, silent()))
        .isInstanceOf(IllegalStateException.class);

    try (Checkpoint checkpoint = Checkpoint.open(target)) {
      assertThat(checkpoint.tensors()).containsKey("b");
    }
    assertThat(entries()).containsExactly("out");
  }

  @Test
  void leftovers_of_killed_writers_are_cleared_and_replaced_folders_come_back() throws IOException {
    abandoned(".half.espalier-writing-4242-0a1b2c3d");
    abandoned(".kept.espalier-writing-4242-00000000");
    Path replaced = Files.createDirectory(parent.resolve(".kept.espalier-replaced-4242-00000000"));
    TestCheckpoints.valid(replaced);
    Path similar = Files.createDirectory(parent.resolve(".notes.espalier-writing-x"));

    FolderWriter.removeAbandoned(parent);

    assertThat(entries()).containsExactlyInAnyOrder("kept", similar.getFileName().toString());
    Checkpoint.open(parent.resolve("kept")).close();
  }

  @Test
  void a_writer_at_work_is_left_alone_by_another() throws IOException {
    List<TensorSpec> tensors = List.of(spec("a", 1));

    writer("first")
        .write(
            tensors,
            zeros(tensors),
            folder -> {
              writer("second")
                  .write(tensors, zeros(tensors), CheckpointWriterTest::unverified, silent());
              assertThat(folder).isDirectory();
            },
            silent());

    assertThat(entries()).containsExactlyInAnyOrder("first", "second");
  }

  private void abandoned(String name) throws IOException {
    Path folder = Files.createDirectory(parent.resolve(name));
    Files.write(folder.resolve("model.safetensors"), new byte[100]);
    Files.createFile(parent.resolve(name + ".lock"));
  }

  // ---- material

  private CheckpointWriter writer(String name) {
    return writer(parent.resolve(name));
  }

  private static CheckpointWriter writer(Path target) {
    return new CheckpointWriter(target).configuration(CONFIGURATION);
  }

  private static void unverified(Path folder) {}

  private static Progress silent() {
    return Progress.SILENT;
  }

  private static TensorSpec spec(String name, long bytes) {
    return new TensorSpec(name, DType.U8, List.of(bytes));
  }

  private static Consumer<TensorSink> zeros(List<TensorSpec> tensors) {
    return sink ->
        tensors.forEach(
            tensor -> sink.write(tensor.name(), ByteBuffer.allocate((int) tensor.byteLength())));
  }

  private static Map<String, byte[]> randomContent(List<TensorSpec> tensors, long seed) {
    Random random = new Random(seed);
    Map<String, byte[]> content = new HashMap<>();
    for (TensorSpec tensor : tensors) {
      byte[] bytes = new byte[(int) tensor.byteLength()];
      random.nextBytes(bytes);
      content.put(tensor.name(), bytes);
    }
    return content;
  }

  /** Tensors in random order and interleaved, each in slices of random size. */
  private static Consumer<TensorSink> inSlices(
      List<TensorSpec> tensors, Map<String, byte[]> content, long seed) {
    return sink -> {
      Random random = new Random(seed);
      Map<String, ByteBuffer> open = new TreeMap<>();
      tensors.forEach(t -> open.put(t.name(), ByteBuffer.wrap(content.get(t.name()))));
      while (!open.isEmpty()) {
        String name = List.copyOf(open.keySet()).get(random.nextInt(open.size()));
        ByteBuffer rest = open.get(name);
        int count = random.nextInt(rest.remaining() + 1);
        sink.write(name, rest.slice(rest.position(), count));
        rest.position(rest.position() + count);
        if (!rest.hasRemaining()) {
          open.remove(name);
        }
      }
    };
  }

  private List<String> entries() throws IOException {
    try (Stream<Path> entries = Files.list(parent)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }
}
