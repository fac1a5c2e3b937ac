package org.espalier.workbench;

import java.util.List;

/**
 * What a folder of data sets offers.
 *
 * @param tasks all tasks that the program knows
 * @param unknownFiles data set files that belong to none of them
 */
public record TaskListing(List<Entry> tasks, List<String> unknownFiles) {
  public TaskListing {
    tasks = List.copyOf(tasks);
    unknownFiles = List.copyOf(unknownFiles);
  }

  /**
   * A task and what is there of it.
   *
   * @param file name of its data set's file; empty if there is none
   * @param missing the files without which it cannot run, in words; empty if nothing is missing
   * @param generates true if the model writes its answers, which takes longer
   */
  public record Entry(String task, String title, String file, String missing, boolean generates) {
    /** True if the task can run. */
    public boolean complete() {
      return missing.isEmpty();
    }
  }

  /** Names of the tasks that can run. */
  public List<String> available() {
    return tasks.stream().filter(Entry::complete).map(Entry::task).toList();
  }
}
