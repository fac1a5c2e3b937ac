package org.espalier.evaluation.tasks;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts followed instructions as IFEval does (Zhou et al., Instruction-Following Evaluation for
 * Large Language Models, 2023): strictly on the answer as it is, loosely also without its first or
 * last line and without asterisks.
 */
final class InstructionJudge implements Judge {
  private static final String NAMES = "instruction_id_list";
  private static final String ARGUMENTS = "kwargs";

  /** True if every instruction of a document can be checked by a rule. */
  static boolean canJudge(TaskDocument document) {
    JsonNode names = document.field(NAMES);
    if (!names.isArray() || names.isEmpty()) {
      throw document.line().complaint("there is no field \"" + NAMES + "\" with a list.");
    }
    for (JsonNode name : names) {
      if (!InstructionRules.knows(name.asText())) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Map<String, Double> scores(TaskDocument document, String answer) {
    JsonNode names = document.field(NAMES);
    List<String> loosely = variants(answer);
    double strict = 0;
    double loose = 0;
    for (int i = 0; i < names.size(); i++) {
      String name = names.path(i).asText();
      JsonNode arguments = document.field(ARGUMENTS).path(i);
      if (follows(name, arguments, answer)) {
        strict++;
      }
      if (loosely.stream().anyMatch(variant -> follows(name, arguments, variant))) {
        loose++;
      }
    }
    Map<String, Double> scores = new LinkedHashMap<>();
    scores.put("prompt_strict", strict == names.size() ? 1.0 : 0.0);
    scores.put("instruction_strict", strict);
    scores.put("prompt_loose", loose == names.size() ? 1.0 : 0.0);
    scores.put("instruction_loose", loose);
    scores.put(Metric.INSTRUCTIONS, (double) names.size());
    return scores;
  }

  private static boolean follows(String name, JsonNode arguments, String answer) {
    return !answer.isBlank() && InstructionRules.follows(name, arguments, answer);
  }

  private static List<String> variants(String answer) {
    List<String> lines = List.of(answer.split("\n", -1));
    int count = lines.size();
    List<String> cut = new ArrayList<>();
    cut.add(answer);
    cut.add(String.join("\n", lines.subList(1, count)).strip());
    cut.add(String.join("\n", lines.subList(0, count - 1)).strip());
    cut.add(count < 2 ? "" : String.join("\n", lines.subList(1, count - 1)).strip());
    List<String> all = new ArrayList<>(cut);
    cut.forEach(text -> all.add(text.replace("*", "")));
    return all;
  }
}
