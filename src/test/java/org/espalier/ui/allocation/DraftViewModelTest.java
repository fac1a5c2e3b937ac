package org.espalier.ui.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.espalier.allocation.Hold;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.transformer.SubLayer;
import org.espalier.ui.fake.Bench;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DraftViewModelTest {
  private static final SubLayer FEED_FORWARD = SubLayer.feedForward(3);

  private final Bench bench = new Bench();
  private final Draft draft = bench.draft;
  private final DraftViewModel files = bench.draftFiles;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"mine.json", "mine.csv"})
  void a_saved_draft_comes_back_as_it_was(String name) {
    bench.analysed();
    draft.setTarget(new Target(0.4, RatioDefinition.LAYER));
    draft.setKept(FEED_FORWARD, 200);
    draft.pick(FEED_FORWARD, 17, Draft.Fate.DROPPED_BY_HAND);
    files.rename("half of the middle");
    DraftState saved = draft.state().get();
    bench.picker.willPickFile(folder.resolve(name));
    files.save();
    draft.releaseAll();
    draft.setTarget(new Target(0.1, RatioDefinition.PRUNABLE));

    files.open();

    assertThat(draft.state().get()).isEqualTo(saved);
    assertThat(draft.settled().get()).isTrue();
    assertThat(draft.allocation().get().kept(FEED_FORWARD)).isEqualTo(200);
  }

  @Test
  void json_brings_back_snapshots_and_history_too() {
    bench.analysed();
    draft.takeSnapshot("before I locked 3");
    draft.toggleLock(FEED_FORWARD);
    draft.setTarget(new Target(0.5, RatioDefinition.PRUNABLE));
    bench.picker.willPickFile(folder.resolve("mine.json"));
    files.save();
    bench.opened();
    bench.method.analyse();
    assertThat(draft.snapshots()).isEmpty();

    files.open();

    assertThat(draft.snapshots()).extracting(Draft.Snapshot::name).contains("before I locked 3");
    assertThat(draft.undoable().get()).isEqualTo("target 50 %");
    draft.undo();
    assertThat(draft.state().get().locks().of(FEED_FORWARD)).isPresent();
    draft.undo();
    assertThat(draft.state().get().locks().isEmpty()).isTrue();
  }

  @Test
  void a_draft_for_another_model_is_refused_in_words() {
    bench.analysed();
    bench.picker.willPickFile(folder.resolve("mine.json"));
    files.save();
    bench.openedFolder("/models/other");
    DraftState before = draft.state().get();

    files.open();

    assertThat(bench.notices.sentences()).last().asString().contains("sample model", "8 blocks");
    assertThat(draft.state().get()).isEqualTo(before);
  }

  @Test
  void a_damaged_file_is_told_and_changes_nothing() throws IOException {
    bench.analysed();
    Path file = folder.resolve("mine.json");
    Files.writeString(file, "{ \"format\": 1");
    bench.picker.willPickFile(file);

    files.open();

    assertThat(bench.notices.sentences()).last().asString().contains("mine.json");
    assertThat(draft.state().get().locks().isEmpty()).isTrue();
  }

  @Test
  void a_draft_of_another_method_says_so() {
    bench.analysed();
    draft.setKept(FEED_FORWARD, 111);
    bench.picker.willPickFile(folder.resolve("mine.json"));
    files.save();
    bench.method.method().set(bench.method.methods().get(1));
    bench.method.analyse();

    files.open();

    assertThat(bench.notices.sentences()).last().asString().contains("flap", "Magnitude");
    assertThat(draft.state().get().locks().of(FEED_FORWARD)).contains(Hold.handSet(111));
  }

  @Test
  void an_empty_name_is_refused() {
    bench.analysed();

    files.rename("  ");

    assertThat(bench.notices.sentences()).last().asString().contains("name");
    assertThat(draft.name()).isEqualTo("draft");
  }
}
