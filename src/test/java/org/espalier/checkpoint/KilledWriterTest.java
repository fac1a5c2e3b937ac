package org.espalier.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.espalier.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left when the process is killed in the middle of writing. */
class KilledWriterTest {
  @TempDir Path parent;

  @Test
  @Timeout(60)
  void source_is_untouched_and_the_final_name_stays_free() throws Exception {
    Path source = Files.createDirectory(parent.resolve("source"));
    TestCheckpoints.valid(source);
    String hash = hash(source);

    killWhileWriting(source, parent.resolve("pruned"), false);

    assertThat(parent.resolve("pruned")).doesNotExist();
    assertThat(hash(source)).isEqualTo(hash);
    assertThat(entries()).anyMatch(name -> name.startsWith(".pruned.espalier-writing-"));

    HangingWriter.write(source, parent.resolve("other"), false, () -> {});
    assertThat(entries()).containsExactlyInAnyOrder("source", "other");
  }

  @Test
  @Timeout(60)
  void a_checkpoint_that_was_to_be_replaced_is_still_the_old_one() throws Exception {
    Path source = Files.createDirectory(parent.resolve("source"));
    Path target = Files.createDirectory(parent.resolve("target"));
    TestCheckpoints.valid(source);
    TestCheckpoints.valid(target);
    String hash = hash(target);

    killWhileWriting(source, target, true);

    assertThat(hash(target)).isEqualTo(hash);
    FolderWriter.removeAbandoned(parent);
    assertThat(entries()).containsExactlyInAnyOrder("source", "target");
  }

  private static void killWhileWriting(Path source, Path target, boolean replacing)
      throws Exception {
    Process child =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                HangingWriter.class.getName(),
                source.toString(),
                target.toString(),
                Boolean.toString(replacing))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = child.inputReader(StandardCharsets.UTF_8)) {
      assertThat(output.readLine()).isEqualTo(HangingWriter.HALFWAY);
    } finally {
      child.destroyForcibly();
      assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static String hash(Path folder) {
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      return checkpoint.hash();
    }
  }

  private List<String> entries() throws IOException {
    try (Stream<Path> entries = Files.list(parent)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }

  /** Writes a checkpoint, says when half of it is written, and then waits to be killed. */
  static final class HangingWriter {
    static final String HALFWAY = "halfway";

    private HangingWriter() {}

    public static void main(String[] arguments) {
      write(
          Path.of(arguments[0]),
          Path.of(arguments[1]),
          Boolean.parseBoolean(arguments[2]),
          () -> {
            System.out.println(HALFWAY);
            try {
              Thread.sleep(120_000);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }

    static void write(Path source, Path target, boolean replacing, Runnable halfway) {
      int half = 1 << 20;
      new CheckpointWriter(target)
          .protecting(source)
          .replacing(replacing)
          .configuration(new JsonMapper().createObjectNode())
          .write(
              List.of(new TensorSpec("a", DType.U8, List.of(2L * half))),
              sink -> {
                sink.write("a", ByteBuffer.allocate(half));
                halfway.run();
                sink.write("a", ByteBuffer.allocate(half));
              },
              folder -> {},
              Progress.SILENT);
    }
  }
}
