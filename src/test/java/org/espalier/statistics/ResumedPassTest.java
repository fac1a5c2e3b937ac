package org.espalier.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.corpus.TokenWindows;
import org.espalier.task.CancelledException;
import org.espalier.task.Progress;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.SubLayer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pass that was interrupted goes on at the block where it stood, with the same result. */
class ResumedPassTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Set<Collector> COLLECTORS =
      Set.of(ActivationCollector.INSTANCE, WeightCollector.INSTANCE);

  @TempDir Path folder;
  private Decoder decoder;
  private TokenWindows windows;

  @BeforeEach
  void open() {
    try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve("models/tiny-mha"))) {
      decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.STREAMED);
    }
    windows =
        TokenWindows.read(GOLDEN.resolve("calibration-windows.json"), 512)
            .first(20)
            .shortenedTo(32);
  }

  @AfterEach
  void close() {
    decoder.close();
  }

  private Statistics run(Progress progress) {
    return StatisticsPass.run(
        decoder, windows, COLLECTORS, new FolderPassJournal(folder, 0), progress);
  }

  private void interruptAtBlock(int block) {
    assertThatThrownBy(
            () ->
                run(
                    (stage, done, total) -> {
                      if (stage.contains("block " + block + " ")) {
                        throw new CancelledException();
                      }
                    }))
        .isInstanceOf(CancelledException.class);
  }

  private List<String> stages(List<Statistics> result) {
    List<String> stages = new ArrayList<>();
    result.add(run((stage, done, total) -> stages.add(stage)));
    return stages;
  }

  private static void assertSame(Statistics actual, Statistics expected) {
    for (int block = 0; block < 6; block++) {
      for (SubLayer subLayer : List.of(SubLayer.attention(block), SubLayer.feedForward(block))) {
        expected
            .of(subLayer)
            .forEach(
                (name, vector) ->
                    assertThat(actual.vector(subLayer, name)).as(name).containsExactly(vector));
      }
    }
  }

  @Test
  void an_interrupted_pass_repeats_no_finished_block_and_measures_the_same() {
    Statistics whole =
        StatisticsPass.run(decoder, windows, COLLECTORS, PassJournal.NONE, Progress.SILENT);
    interruptAtBlock(4);

    List<Statistics> result = new ArrayList<>();
    List<String> stages = stages(result);

    assertThat(stages).noneMatch(stage -> stage.contains("block 3 "));
    assertThat(stages).anyMatch(stage -> stage.contains("block 4 "));
    assertSame(result.get(0), whole);
  }

  @Test
  void only_the_last_position_is_kept() throws IOException {
    interruptAtBlock(5);

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void a_damaged_position_is_measured_again() throws IOException {
    Statistics whole =
        StatisticsPass.run(decoder, windows, COLLECTORS, PassJournal.NONE, Progress.SILENT);
    interruptAtBlock(3);
    Files.write(folder.resolve("after-2.states"), new byte[7]);

    List<Statistics> result = new ArrayList<>();
    List<String> stages = stages(result);

    assertThat(stages).anyMatch(stage -> stage.contains("block 0 "));
    assertSame(result.get(0), whole);
  }
}
