package org.espalier.evaluation.tasks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.task.EspalierException;

/** A folder with data set files, as the user points to it. */
public final class TaskFolder {
  private final Path folder;

  /**
   * @throws EspalierException if there is no such folder
   */
  public TaskFolder(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new EspalierException(
          "There is no folder " + folder + " with data sets; check its path.");
    }
    this.folder = folder;
  }

  public Path folder() {
    return folder;
  }

  /**
   * A task and where its data lies.
   *
   * @param file empty where none of its names is in the folder
   * @param examples answered questions to put in front, where the task uses them and has them here
   */
  public record Found(TaskDefinition task, Optional<Path> file, Optional<Path> examples) {
    /** True if the task can run. */
    public boolean complete() {
      boolean needed = task.examples().map(TaskDefinition.Examples::needed).orElse(false);
      return file.isPresent() && (!needed || examples.isPresent());
    }

    /** What is missing, in words for people; empty if nothing is. */
    public String missing() {
      if (file.isEmpty()) {
        return String.join(" or ", task.files());
      }
      return complete()
          ? ""
          : String.join(" or ", task.examples().map(TaskDefinition.Examples::files).orElseThrow());
    }
  }

  /** Looks for the files of a task. */
  public Found find(TaskDefinition task) {
    return new Found(
        task, first(task.files()), task.examples().flatMap(examples -> first(examples.files())));
  }

  /**
   * Looks for the files of a task that is to run.
   *
   * @throws EspalierException naming the files that are looked for
   */
  public Found require(TaskDefinition task) {
    Found found = find(task);
    if (!found.complete()) {
      throw new EspalierException(
          "The task "
              + task.name()
              + " needs "
              + found.missing()
              + " in "
              + folder
              + ", which is not there; add the file or choose another folder.");
    }
    return found;
  }

  /** All tasks with what is there of them, in the catalogue's order. */
  public List<Found> find(TaskCatalogue catalogue) {
    return catalogue.tasks().stream().map(this::find).toList();
  }

  /** The data set files that belong to no task, by name. */
  public List<String> unknownFiles(TaskCatalogue catalogue) {
    List<String> known = new ArrayList<>();
    catalogue
        .tasks()
        .forEach(
            task -> {
              known.addAll(task.files());
              task.examples().ifPresent(examples -> known.addAll(examples.files()));
            });
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> name.contains(".jsonl") && !known.contains(name))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new EspalierException("Cannot list " + folder + ": " + e.getMessage(), e);
    }
  }

  private Optional<Path> first(List<String> names) {
    return names.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
  }
}
