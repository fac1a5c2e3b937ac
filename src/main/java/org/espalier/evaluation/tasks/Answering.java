package org.espalier.evaluation.tasks;

import java.util.List;
import org.espalier.task.Progress;

/** How a model answers the items of one task, a portion at a time. */
interface Answering {
  /** Items in all. */
  int items();

  /** Items of one portion; results are saved between portions. */
  int portion();

  /** SHA-256 of everything that is put to the model and of the solutions. */
  String dataHash();

  /** What an item puts to the model, with its right answer where that is given. */
  String text(int item);

  /** Answers the items in [from, to). */
  List<ItemResult> answer(int from, int to, Progress progress);
}
