package org.espalier.evaluation.tasks;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Words of English text as the Penn Treebank divides them (Robert MacIntyre's rules in the form of
 * NLTK, which IFEval's checker counts with): punctuation stands alone, "don't" is two words,
 * "x-ray" is one.
 */
final class TreebankWords {
  private record Step(Pattern pattern, String replacement) {
    static Step of(String pattern, String replacement) {
      return new Step(
          Pattern.compile(pattern, Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE),
          replacement);
    }
  }

  private static final String ALONE = " $0 ";
  private static final String APART = " $1 $2 ";

  /** In this order; later steps count on the spaces of earlier ones. */
  private static final List<Step> STEPS =
      List.of(
          Step.of("[«“‘„]|`+", ALONE),
          Step.of("([ (\\[{<])(\"|'{2})", "$1 `` "),
          Step.of("(?i)(?<!\\w)'(?!(?:re|ve|ll|m|t|s|d|n)\\b)(?=\\w)", "' "),
          Step.of("([^.])(\\.)([\\])}>\"'»”’ ]*)\\s*$", "$1 $2 $3 "),
          Step.of("([:,])(\\D)", " $1 $2"),
          Step.of("[:,]$", ALONE),
          Step.of("\\.{2,}", ALONE),
          Step.of("[;@#$%&\\u2012-\\u2015?!]", ALONE),
          Step.of("([^'])' ", "$1 ' "),
          Step.of("[*\\]\\[(){}<>]|--", ALONE),
          // What follows looks for the spaces around a word.
          Step.of("^|$", " "),
          Step.of("[»”’\"]|''", ALONE),
          Step.of("\\s+", " "),
          Step.of("([^' ])('[sS]|'[mM]|'[dD]|') ", "$1 $2 "),
          Step.of("([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) ", "$1 $2 "),
          Step.of("(?i)\\b(can)(not)\\b", APART),
          Step.of("(?i)\\b(d)('ye)\\b", APART),
          Step.of("(?i)\\b(gim|lem)(me)\\b", APART),
          Step.of("(?i)\\b(gon)(na)\\b", APART),
          Step.of("(?i)\\b(got)(ta)\\b", APART),
          Step.of("(?i)\\b(more)('n)\\b", APART),
          Step.of("(?i)\\b(wan)(na)(?=\\s)", APART),
          Step.of("(?i) ('t)(is|was)\\b", APART));

  private TreebankWords() {}

  static List<String> of(String text) {
    String spaced = text;
    for (Step step : STEPS) {
      spaced = step.pattern().matcher(spaced).replaceAll(step.replacement());
    }
    return Arrays.stream(spaced.split("\\p{IsWhite_Space}+"))
        .filter(word -> !word.isEmpty())
        .toList();
  }
}
