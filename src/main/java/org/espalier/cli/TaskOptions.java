package org.espalier.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.espalier.evaluation.tasks.TokenisationProfile;
import picocli.CommandLine.Option;

/** Which tasks to measure, and how. */
final class TaskOptions {
  @Option(
      names = "--tasks",
      paramLabel = "NAME",
      split = ",",
      description =
          "Tasks whose answers are scored: boolq, piqa, hellaswag, winogrande, arc_easy,"
              + " arc_challenge, openbookqa, mmlu; tasks whose answers are written: gsm8k, ifeval,"
              + " humaneval; 'all' for every scored one that the folder holds.")
  private List<String> tasks = List.of();

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "Folder with the data set files (JSONL) of tasks and text protocols.")
  private Path data;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      defaultValue = "HCUR",
      description =
          "How text becomes tokens: H3 (harness up to 0.3), H40 (0.4.0 to 0.4.9) or HCUR (today)"
              + " (default: ${DEFAULT-VALUE}).")
  private String profile;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Only the first so many items of each task (default: all).")
  private Integer limit;

  @Option(
      names = "--log-samples",
      description = "Write every item with its log-likelihoods or its answer into the JSON too.")
  private boolean logSamples;

  @Option(
      names = "--against",
      paramLabel = "DIR",
      description =
          "Put the same items to this checkpoint or run too, and say whether the difference is"
              + " real.")
  private String against;

  @Option(
      names = "--completions",
      paramLabel = "FILE",
      description =
          "Where to write the completions of humaneval for its official checker (JSONL, default: in"
              + " the workspace). The generated code is never run here.")
  private Path completions;

  boolean any() {
    return !tasks.isEmpty();
  }

  List<String> tasks() {
    return tasks;
  }

  Optional<Path> data() {
    return Optional.ofNullable(data);
  }

  TokenisationProfile profile() {
    return TokenisationProfile.named(profile);
  }

  int limit() {
    return limit == null ? 0 : limit;
  }

  boolean logSamples() {
    return logSamples;
  }

  Optional<String> against() {
    return Optional.ofNullable(against);
  }

  Optional<Path> completions() {
    return Optional.ofNullable(completions);
  }

  /** Complains about what cannot be meant. */
  void check() {
    UsageException.requireAtLeast(1, "--limit", limit);
    UsageException.requireKnown(() -> TokenisationProfile.named(profile));
    if (any() && data == null) {
      throw new UsageException("--tasks needs the folder with the data sets: add --data FOLDER");
    }
    if (!any() && (logSamples || against != null || completions != null)) {
      throw new UsageException(
          "--log-samples, --against and --completions belong to --tasks; name the tasks");
    }
    if (completions != null) {
      JsonOutput.requireWritable(completions);
    }
  }
}
