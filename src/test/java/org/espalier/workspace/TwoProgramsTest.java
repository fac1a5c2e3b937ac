package org.espalier.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two programs on one workspace, and what one leaves that is killed at work. */
class TwoProgramsTest {
  private static final int ROUNDS = 25;

  @TempDir Path folder;

  @Test
  @Timeout(120)
  void neither_damages_the_other_and_a_killed_one_leaves_everything_whole() throws Exception {
    Process other =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OtherProgram.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = other.inputReader(StandardCharsets.UTF_8)) {
      assertThat(output.readLine()).isEqualTo(OtherProgram.WORKING);

      Workspace workspace = Workspace.open(folder);
      Run mine = Runs.publish(workspace, "mine", Instant.EPOCH);
      try (SessionStore session = workspace.session()) {
        for (int round = 0; round < ROUNDS; round++) {
          session.write(Sessions.edited(round));
          workspace.addPerplexity(mine, Runs.perplexity("mine", round));
          workspace.results().store("perplexity", "the same in both", round);
          RunListing seen = workspace.runs();
          assertThat(seen.damaged()).isEmpty();
          assertThat(seen.runs()).extracting(Run::name).contains("mine", "kept by the other");
        }
        assertThat(other.isAlive()).as("nothing of this disturbed the other").isTrue();
        assertThat(session.read()).contains(Sessions.edited(ROUNDS - 1));
      }
      assertThat(folder.resolve("sessions/window-2.json")).exists();
    } finally {
      other.destroyForcibly().waitFor();
    }

    Workspace reopened = Workspace.open(folder);
    RunListing left = reopened.runs();
    assertThat(left.damaged()).isEmpty();
    Run mine = reopened.find("mine");
    assertThat(mine.perplexities()).singleElement().returns(ROUNDS - 1.0, it -> it.perplexity());
    try (Stream<Path> drafts = Files.list(folder.resolve("drafts"))) {
      assertThat(drafts).isEmpty();
    }
    assertThat(reopened.results().find("perplexity", "the same in both", Integer.class))
        .isPresent();
    try (SessionStore session = reopened.session()) {
      Optional<SavedSession> last = session.read();
      assertThat(last).as("the session of the killed program").isPresent();
      int edits = last.get().draft().position();
      assertThat(last).contains(Sessions.edited(edits));
    }
  }
}
