package org.espalier.workspace;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A program that works on a workspace until it is killed: keeps its session, prunes, measures,
 * renames and deletes, over and over.
 */
final class OtherProgram {
  static final String WORKING = "working";

  private OtherProgram() {}

  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Workspace workspace = Workspace.open(Path.of(args[0]));
    SessionStore session = workspace.session();
    Run kept = Runs.publish(workspace, "kept by the other", Instant.EPOCH);
    for (int round = 1; ; round++) {
      session.write(Sessions.edited(round % 200));
      Run run = Runs.publish(workspace, "of the other", Instant.EPOCH);
      workspace.addPerplexity(run, Runs.perplexity("text", round));
      workspace.rename(run, "round " + round);
      workspace.results().store("perplexity", "the same in both", round);
      workspace.delete(run);
      workspace.addPerplexity(kept, Runs.perplexity("text " + round % 3, round));
      if (round == 2) {
        out.println(WORKING);
      }
    }
  }
}
