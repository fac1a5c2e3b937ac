package org.espalier.workbench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Ratios;
import org.espalier.allocation.Target;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.evaluation.tasks.PairedComparison;
import org.espalier.evaluation.tasks.TaskResult;
import org.espalier.importance.ScoreAgreement;
import org.espalier.report.comparison.ComparedRun;
import org.espalier.workspace.Run;

/**
 * Runs of the sample model that were measured once and come with the program, so that a comparison
 * can be shown without waiting: allocations and results, no weights. Always shown with the date.
 *
 * @param measured when
 * @param prompt that all texts continue
 * @param denseText what the dense model wrote
 * @param texts what the runs wrote, by id; those of some runs
 * @param agreement of the methods' scores
 */
public record StoredComparison(
    Instant measured,
    List<ComparedRun> runs,
    String prompt,
    String denseText,
    Map<String, String> texts,
    ScoreAgreement agreement) {
  private static final String RESOURCE = "/sample/comparison.json";

  /** How ids of stored runs begin; those of the workspace never do. */
  private static final String ID = "stored-";

  private static final ObjectMapper JSON = new ObjectMapper();

  public StoredComparison {
    runs = List.copyOf(runs);
    texts = Map.copyOf(texts);
  }

  /** The comparison that comes with the program. */
  public static StoredComparison ofSample() {
    try (InputStream in = StoredComparison.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the program's own comparison is missing: " + RESOURCE);
      }
      return JSON.readValue(in.readAllBytes(), File.class).comparison();
    } catch (IOException e) {
      throw new UncheckedIOException("the program's own comparison cannot be read", e);
    }
  }

  /** As a file, which {@link #ofSample} reads. */
  String toJson() {
    try {
      return JSON.writeValueAsString(File.of(this));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file; what several runs share stands there once. */
  private record File(
      String measured,
      String checkpointHash,
      List<PerplexityResult> dense,
      List<TaskResult> denseTasks,
      List<StoredRun> runs,
      String prompt,
      String denseText,
      ScoreAgreement agreement) {

    static File of(StoredComparison comparison) {
      return new File(
          comparison.measured.toString(),
          comparison.runs.get(0).run().checkpointHash(),
          comparison.runs.stream()
              .flatMap(compared -> compared.densePerplexities().stream())
              .distinct()
              .toList(),
          comparison.runs.stream()
              .flatMap(compared -> compared.tasks().stream())
              .flatMap(task -> task.dense().stream())
              .distinct()
              .toList(),
          comparison.runs.stream()
              .map(
                  compared ->
                      StoredRun.of(
                          compared, comparison.texts.getOrDefault(compared.run().id(), "")))
              .toList(),
          comparison.prompt,
          comparison.denseText,
          comparison.agreement);
    }

    StoredComparison comparison() {
      List<ComparedRun> compared =
          IntStream.range(0, runs.size()).mapToObj(i -> runs.get(i).run(ID + i, this)).toList();
      return new StoredComparison(
          Instant.parse(measured),
          compared,
          prompt,
          denseText,
          IntStream.range(0, runs.size())
              .filter(i -> !runs.get(i).text().isEmpty())
              .boxed()
              .collect(Collectors.toMap(i -> ID + i, i -> runs.get(i).text())),
          agreement);
    }
  }

  /** A run without locks; speed and a task's difference hold one or none. */
  private record StoredRun(
      String name,
      String method,
      Map<String, String> parameters,
      double ratio,
      List<Integer> keptHeadGroups,
      List<Integer> keptChannels,
      Ratios ratios,
      long parametersBefore,
      long parametersAfter,
      long bytes,
      double seconds,
      long peakMemoryBytes,
      List<PerplexityResult> perplexities,
      List<SpeedComparison> speed,
      List<StoredTask> tasks,
      String text) {

    static StoredRun of(ComparedRun compared, String text) {
      Run run = compared.run();
      return new StoredRun(
          run.name(),
          run.method(),
          run.parameters(),
          run.target().ratio(),
          run.allocation().keptHeadGroups(),
          run.allocation().keptChannels(),
          run.ratios(),
          run.parametersBefore(),
          run.parametersAfter(),
          run.bytes(),
          run.seconds(),
          run.peakMemoryBytes(),
          run.perplexities(),
          run.speed().stream().toList(),
          compared.tasks().stream()
              .map(task -> new StoredTask(task.pruned(), task.difference().stream().toList()))
              .toList(),
          text);
    }

    ComparedRun run(String id, File file) {
      return new ComparedRun(
          new Run(
              id,
              name,
              Path.of(id),
              Path.of("sample"),
              file.checkpointHash(),
              method,
              parameters,
              new Target(ratio, RatioDefinition.PRUNABLE),
              Locks.NONE,
              new Allocation(keptHeadGroups, keptChannels),
              ratios,
              parametersBefore,
              parametersAfter,
              bytes,
              seconds,
              peakMemoryBytes,
              Instant.parse(file.measured()),
              perplexities,
              speed.stream().findFirst(),
              Optional.empty(),
              tasks.stream().map(StoredTask::pruned).toList()),
          file.dense(),
          tasks.stream().map(task -> task.against(file.denseTasks())).toList());
    }
  }

  private record StoredTask(TaskResult pruned, List<PairedComparison> difference) {
    ComparedRun.AgainstDense against(List<TaskResult> dense) {
      return new ComparedRun.AgainstDense(
          pruned,
          dense.stream().filter(before -> before.protocol().equals(pruned.protocol())).findFirst(),
          difference.stream().findFirst());
    }
  }
}
