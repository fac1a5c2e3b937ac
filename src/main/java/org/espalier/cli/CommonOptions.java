package org.espalier.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that every command takes. */
final class CommonOptions {
  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the result as JSON to this file ('-' is standard output).")
  private String json;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "cpu",
      description = "Where to compute: cpu, cuda:N or mps (default: ${DEFAULT-VALUE}).")
  private String device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Cores to use (default: the engine's choice).")
  private int threads;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of everything random (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--workspace",
      paramLabel = "DIR",
      description = "Folder of the runs (default: the user's data folder).")
  private Path workspace;

  Optional<String> json() {
    return Optional.ofNullable(json);
  }

  String device() {
    return device;
  }

  /** Cores to use; 0 leaves the choice to the engine. */
  int threads() {
    if (threads < 0) {
      throw new UsageException("--threads must be at least 1, not " + threads);
    }
    return threads;
  }

  long seed() {
    return seed;
  }

  Optional<Path> workspace() {
    return Optional.ofNullable(workspace);
  }
}
