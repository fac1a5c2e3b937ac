package org.espalier.evaluation.tasks;

import java.util.Locale;

/**
 * Everything that a task's number depends on; shown wherever the number is.
 *
 * @param task name of the task
 * @param version of its definition
 * @param profile how text becomes token ids, a name of {@link TokenisationProfile}
 * @param shots answered questions in front of each
 * @param file name of the data set's file
 * @param dataHash SHA-256 of the questions, answers and solutions that were used, hexadecimal
 * @param items how many there are
 * @param maximumLength most tokens that are read at once; longer questions lose their beginning
 * @param newTokens most tokens of a free answer; 0 for given answers
 * @param dtype element type of the computation ("float32")
 * @param device where it ran ("cpu", "cuda:0")
 */
public record TaskProtocol(
    String task,
    int version,
    String profile,
    int shots,
    String file,
    String dataHash,
    int items,
    int maximumLength,
    int newTokens,
    String dtype,
    String device) {
  /** The same rules on another device. */
  public TaskProtocol on(String otherDevice) {
    return new TaskProtocol(
        task,
        version,
        profile,
        shots,
        file,
        dataHash,
        items,
        maximumLength,
        newTokens,
        dtype,
        otherDevice);
  }

  /** One line for people. */
  public String description() {
    return task
        + " version "
        + version
        + ", "
        + items
        + " items of "
        + file
        + ", "
        + shots
        + "-shot, profile "
        + profile
        + " ("
        + TokenisationProfile.named(profile).words()
        + "), at most "
        + maximumLength
        + " tokens read"
        + (newTokens > 0
            ? String.format(Locale.ROOT, " and %d written, always the likeliest", newTokens)
            : "")
        + ", "
        + dtype
        + " on "
        + device;
  }
}
