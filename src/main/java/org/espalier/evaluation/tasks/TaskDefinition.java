package org.espalier.evaluation.tasks;

import java.util.List;
import java.util.Optional;

/**
 * A task as data: where its questions are found, how a question is put to a model, and what is
 * counted. Lies in {@code resources/tasks}; adding a task is adding a file.
 *
 * @param name for commands ("arc_easy")
 * @param title for people ("ARC easy")
 * @param version grows with every change that changes numbers
 * @param kind how it is answered and judged
 * @param files names under which its data set is looked for, the preferred one first
 * @param readings how documents may be laid out; the first one whose fields are there is used
 * @param description put once before the first example; may be empty
 * @param context the question
 * @param continuation one answer; empty for tasks that are answered freely
 * @param examples answered questions put in front, none where absent
 * @param metrics what is counted, the one for tables first
 * @param generation how long an answer may be, for tasks that are answered freely
 */
public record TaskDefinition(
    String name,
    String title,
    int version,
    TaskKind kind,
    List<String> files,
    List<Reading> readings,
    String description,
    String context,
    String continuation,
    Optional<Examples> examples,
    List<String> metrics,
    Optional<Generation> generation) {
  /** Share of items where the likeliest answer is right. */
  public static final String ACCURACY = "acc";

  /** The same with log-likelihoods divided by the answer's length in characters. */
  public static final String NORMALISED_ACCURACY = "acc_norm";

  public TaskDefinition {
    files = List.copyOf(files);
    readings = List.copyOf(readings);
    metrics = List.copyOf(metrics);
  }

  /**
   * A layout of documents.
   *
   * @param fields names that the templates use, each with a template over the document's own fields
   * @param choices one field with a list, or one template for each answer; empty where there are no
   *     choices
   * @param labels names of the choices that {@code gold} may use: one field with a list, or the
   *     names themselves; empty where {@code gold} is an index from 0
   * @param gold template of the right answer; empty where nothing is judged by it
   */
  public record Reading(
      List<Field> fields, List<String> choices, List<String> labels, String gold) {
    public Reading {
      fields = List.copyOf(fields);
      choices = List.copyOf(choices);
      labels = List.copyOf(labels);
    }
  }

  /** A name for a template over a document's own fields. */
  public record Field(String name, String template) {}

  /**
   * Answered questions that are put in front.
   *
   * @param count how many
   * @param files names under which they are looked for
   * @param sameField examples and question agree in this field; empty for no such rule
   * @param needed whether the task makes no sense without them
   */
  public record Examples(int count, List<String> files, String sameField, boolean needed) {
    public Examples {
      files = List.copyOf(files);
    }
  }

  /**
   * How a free answer ends.
   *
   * @param tokens most new tokens
   * @param stops texts that end it; they are not part of it
   */
  public record Generation(int tokens, List<String> stops) {
    public Generation {
      stops = List.copyOf(stops);
    }
  }

  /** The metric for tables. */
  public String headline() {
    return metrics.get(0);
  }
}
