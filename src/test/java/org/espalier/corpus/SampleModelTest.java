package org.espalier.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.task.EspalierException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleModelTest {
  @TempDir Path folder;

  @Test
  void it_is_a_checkpoint_with_tokenizer_and_texts() {
    SampleModel sample = SampleModel.unpack(folder.resolve("data"));

    try (Checkpoint checkpoint = Checkpoint.open(sample.folder());
        Tokenizer tokenizer = Tokenizer.open(sample.folder())) {
      int vocabulary = checkpoint.configuration().path("vocab_size").intValue();
      for (Path text : new Path[] {sample.calibrationText(), sample.evaluationText()}) {
        TokenWindows windows = Corpus.read(text, vocabulary).evaluationWindows(tokenizer, 128);
        assertThat(windows.count()).isGreaterThan(256);
        assertThat(windows.window(0)[0]).isEqualTo(tokenizer.beginOfSequence().getAsInt());
      }
    }
  }

  @Test
  void unpacking_again_finds_the_same_folder_and_mends_a_damaged_one() throws IOException {
    SampleModel first = SampleModel.unpack(folder);
    Files.writeString(first.folder().resolve("model.safetensors"), "cut");

    SampleModel second = SampleModel.unpack(folder);

    assertThat(second).isEqualTo(first);
    assertThat(Files.size(second.folder().resolve("model.safetensors"))).isGreaterThan(1_000_000);
    try (Stream<Path> entries = Files.list(folder)) {
      assertThat(entries).containsExactly(first.folder());
    }
  }

  @Test
  void a_place_that_cannot_be_written_is_named() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(() -> SampleModel.unpack(file))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("cannot be unpacked into " + file);
  }
}
