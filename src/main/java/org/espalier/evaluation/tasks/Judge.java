package org.espalier.evaluation.tasks;

import java.util.Map;

/** Says how good a free answer is, by rules alone. */
@FunctionalInterface
interface Judge {
  /** Scores by name of the metric, for an answer without the text that ended it. */
  Map<String, Double> scores(TaskDocument document, String answer);

  /** The judge of a kind of task; code is judged elsewhere. */
  static Judge of(TaskKind kind) {
    return switch (kind) {
      case NUMBER -> new NumberJudge();
      case INSTRUCTIONS -> new InstructionJudge();
      default -> (document, answer) -> Map.of();
    };
  }
}
