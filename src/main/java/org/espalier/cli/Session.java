package org.espalier.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.espalier.hub.HubModel;
import org.espalier.task.EspalierException;
import org.espalier.workbench.Job;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Run;

/** One command at work: its workbench, its terminal, its result. */
final class Session implements AutoCloseable {
  /** What commands say about the checkpoint that they work on. */
  static final String CHECKPOINT_HELP =
      "A checkpoint folder, a run (name, id or folder), a model of the Hugging Face hub as"
          + " hub:ORG/NAME[@REVISION], or the word sample.";

  private static final String SAMPLE = "sample";

  private final CommonOptions options;
  private final Terminal terminal;
  private final Workbench workbench;
  private final JobRunner runner;

  Session(CommonOptions options, Terminal terminal, WorkbenchFactory factory) {
    this.options = options;
    this.terminal = terminal;
    this.workbench = factory.open(options.workspace(), options.threads());
    this.runner = new JobRunner(terminal);
  }

  Workbench workbench() {
    return workbench;
  }

  <T> T await(Job<T> job) {
    return runner.await(job, () -> "");
  }

  /** As {@link #await(Job)}, with a running value beside the progress. */
  <T> T await(Job<T> job, Supplier<String> note) {
    return runner.await(job, note);
  }

  /** Waits for a job that shows its progress by its output. */
  <T> T awaitSilently(Job<T> job) {
    return runner.awaitSilently(job);
  }

  /** A piece of a line for people, shown at once. */
  void printPiece(String piece) {
    if (!options.json().equals(Optional.of("-"))) {
      terminal.out().print(piece);
      terminal.out().flush();
    }
  }

  /** Opens what {@link #CHECKPOINT_HELP} describes. */
  OpenedCheckpoint open(String checkpoint) {
    return await(workbench.open(folder(checkpoint), options.device()));
  }

  private Optional<Path> folder(String checkpoint) {
    if (HubModel.isHubModel(checkpoint)) {
      return Optional.of(downloaded(HubModel.parse(checkpoint)));
    }
    if (exists(checkpoint)) {
      return Optional.of(Path.of(checkpoint));
    }
    if (checkpoint.equals(SAMPLE)) {
      return Optional.empty();
    }
    return Optional.of(run(checkpoint).map(Run::folder).orElseGet(() -> Path.of(checkpoint)));
  }

  /** From this machine where it is here already, without asking anybody; else from the hub. */
  private Path downloaded(HubModel model) {
    return workbench
        .findModel(model)
        .orElseGet(() -> await(workbench.fetchModel(await(workbench.listModel(model)))));
  }

  private static boolean exists(String folder) {
    try {
      return Files.exists(Path.of(folder));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** The run of this name, id or folder, if it is one. */
  Optional<Run> run(String text) {
    try {
      return Optional.of(workbench.findRun(text));
    } catch (EspalierException e) {
      return Optional.empty();
    }
  }

  /** A line for people; nothing when standard output is to carry JSON. */
  void print(String line) {
    if (!options.json().equals(Optional.of("-"))) {
      terminal.out().println(line);
    }
  }

  /** A line about something that went wrong without failing the command. */
  void warn(String line) {
    terminal.err().println(line);
  }

  /** The result for machines, where one was asked for. */
  void result(Object value) {
    options
        .json()
        .ifPresent(
            target -> {
              if (target.equals("-")) {
                terminal.out().println(JsonOutput.text(value));
              } else {
                JsonOutput.write(Path.of(target), value);
              }
            });
  }

  @Override
  public void close() {
    workbench.close();
    terminal.out().flush();
  }
}
