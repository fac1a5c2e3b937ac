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
      description = "Cores to use, at most all there are (default: the engine's choice).")
  private Integer threads;

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
    return threads == null ? 0 : threads;
  }

  /** Complains about values that cannot be meant, and about a result that has no place. */
  void check() {
    UsageException.requireAtLeast(1, "--threads", threads);
    if (json != null && !json.equals("-")) {
      JsonOutput.requireWritable(Path.of(json));
    }
  }

  long seed() {
    return seed;
  }

  Optional<Path> workspace() {
    return Optional.ofNullable(workspace);
  }
}
