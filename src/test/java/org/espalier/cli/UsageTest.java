package org.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What shows before any workbench is opened. */
class UsageTest {
  private static final WorkbenchFactory NEVER =
      (workspace, threads) -> {
        throw new AssertionError("no workbench is needed to see this");
      };

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of("", "Missing command"),
        Arguments.of("grow tree", "grow"),
        Arguments.of("inspect", "DIR"),
        Arguments.of("inspect d --colour", "--colour"),
        Arguments.of("inspect d --threads -1", "--threads"),
        Arguments.of("inspect d --threads 0", "--threads"),
        Arguments.of("score d", "--out"),
        Arguments.of("prune d", "--ratio"),
        Arguments.of("prune d --ratio 0.3 --size 6B", "--size"),
        Arguments.of("prune d --size much", "--size"),
        Arguments.of("prune d --size 30%", "--size"),
        Arguments.of("prune d --ratio 1", "--ratio"),
        Arguments.of("prune d --ratio -0.1", "--ratio"),
        Arguments.of("prune d --ratio NaN", "--ratio"),
        Arguments.of("prune d --ratio much", "--ratio"),
        Arguments.of("prune d --ratio 0.2 --ratio-of tree", "--ratio-of"),
        Arguments.of("prune d --ratio 0.2 --samples -1", "--samples"),
        Arguments.of("prune d --ratio 0.2 --samples 0", "--samples"),
        Arguments.of("prune d --ratio 0.2 --calibration-window 0", "--calibration-window"),
        Arguments.of("recover", "RUN"),
        Arguments.of("recover r --rank 0", "rank"),
        Arguments.of("recover r --targets q,z", "targets"),
        Arguments.of("recover r --text a --instructions b", "--instructions"),
        Arguments.of("prune d --ratio 0.2 --allocator cheapest", "cheapest"),
        Arguments.of("evaluate d --window 1", "--window"),
        Arguments.of("evaluate d --window 0", "--window"),
        Arguments.of("evaluate d --max-windows 0", "--max-windows"),
        Arguments.of("evaluate d --max-windows -2", "--max-windows"),
        Arguments.of("generate d", "--prompt"),
        Arguments.of("generate d --prompt a --tokens 0", "--tokens"),
        Arguments.of("generate d --prompt a --top-k 0", "--top-k"),
        Arguments.of("generate d --prompt a --temperature -1", "--temperature"),
        Arguments.of("export r --out x", "--target"),
        Arguments.of("export r --target hf --out x --dtype F8", "--dtype"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void wrong_usage_ends_with_status_2_and_names_what_is_wrong(String line, String named) {
    Object[] arguments = line.isEmpty() ? new Object[0] : line.split(" ", -1);

    CommandRun run = CommandRun.of(NEVER, arguments);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.complaints()).singleElement().asString().contains(named);
  }

  @Test
  void help_is_no_mistake() {
    assertThat(CommandRun.of(NEVER, "--help"))
        .satisfies(run -> assertThat(run.status()).isZero())
        .satisfies(
            run ->
                assertThat(run.out())
                    .contains("inspect", "score", "prune", "evaluate", "generate", "compare")
                    .contains("export", "methods", "Exit status"));
    assertThat(CommandRun.of(NEVER, "prune", "--help").out())
        .contains("--lock", "--calibration", "--json", "--device", "--workspace");
    assertThat(CommandRun.of(NEVER, "--version").out()).startsWith("Espalier");
  }

  @Test
  void an_existing_output_folder_is_refused_before_any_work(@TempDir Path existing) {
    assertThat(CommandRun.of(NEVER, "prune", "d", "--ratio", 0.2, "--out", existing))
        .satisfies(run -> assertThat(run.status()).isEqualTo(1))
        .satisfies(
            run -> assertThat(run.complaints()).singleElement().asString().contains("--force"));
    assertThat(CommandRun.of(NEVER, "export", "r", "--target", "hf", "--out", existing).status())
        .isEqualTo(1);
  }

  @Test
  void a_result_without_a_place_is_refused_before_any_work(@TempDir Path folder) {
    for (Path json : new Path[] {folder.resolve("missing/r.json"), folder}) {
      CommandRun run = CommandRun.of(NEVER, "prune", "d", "--ratio", 0.2, "--json", json);
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.complaints()).singleElement().asString().contains(json.toString());
    }
    assertThat(CommandRun.of(NEVER, "score", "d", "--out", folder.resolve("no/s.json")).status())
        .isEqualTo(1);
  }
}
