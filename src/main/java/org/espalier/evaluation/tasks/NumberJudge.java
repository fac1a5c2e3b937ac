package org.espalier.evaluation.tasks;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares the number at the end of a worked answer with the solution's, as the LM Evaluation
 * Harness does for GSM8K: strictly behind the mark {@code ####}, and flexibly the last number of
 * all.
 */
final class NumberJudge implements Judge {
  private static final Pattern STRICT = Pattern.compile("#### (-?[0-9.,]+)");
  private static final Pattern ANY = Pattern.compile("(-?[$0-9.,]{2,})|(-?[0-9]+)");
  private static final Pattern WORKING = Pattern.compile("(?s).*#### ");

  @Override
  public Map<String, Double> scores(TaskDocument document, String answer) {
    String solution = plain(document.fill("{solution}"));
    Matcher strict = STRICT.matcher(answer);
    boolean exact = strict.find() && plain(strict.group(1)).equals(solution);
    String last = "";
    Matcher any = ANY.matcher(answer);
    while (any.find()) {
      last = any.group();
    }
    return Map.of(
        "exact_match",
        exact ? 1.0 : 0.0,
        "exact_match_flexible",
        plain(last).equals(solution) ? 1.0 : 0.0);
  }

  private static String plain(String number) {
    return WORKING
        .matcher(number)
        .replaceAll("")
        .replace(",", "")
        .replace("$", "")
        .replaceAll("\\.$", "")
        .toLowerCase(Locale.ROOT);
  }
}
