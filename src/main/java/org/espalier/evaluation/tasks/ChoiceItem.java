package org.espalier.evaluation.tasks;

import java.util.List;

/**
 * A question with given answers, in words.
 *
 * @param index in the data set, from 0
 * @param contexts the question, once for each answer; they differ where the answer is part of it
 * @param continuations the answers as they follow the question
 * @param lengths of the answers in Unicode characters, without the space in front
 * @param gold index of the right answer
 */
record ChoiceItem(
    int index, List<String> contexts, List<String> continuations, List<Integer> lengths, int gold) {
  ChoiceItem {
    contexts = List.copyOf(contexts);
    continuations = List.copyOf(continuations);
    lengths = List.copyOf(lengths);
  }
}
