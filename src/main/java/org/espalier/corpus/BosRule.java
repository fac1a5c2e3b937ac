package org.espalier.corpus;

import java.util.Arrays;
import java.util.Locale;
import org.espalier.task.EspalierException;

/** Whether a text begins with the token that begins a sequence (BOS). */
public enum BosRule {
  /** One at the start of the text where the tokenizer adds one. */
  TOKENIZER("one BOS at the start of the text where the tokenizer adds one"),
  /** None, whatever the tokenizer does. */
  NONE("no BOS"),
  /** One at the start of the text, also where the tokenizer adds none. */
  ALWAYS("one BOS at the start of the text");

  private final String words;

  BosRule(String words) {
    this.words = words;
  }

  /** The rule in words. */
  public String words() {
    return words;
  }

  /**
   * The rule of this name, in any case.
   *
   * @throws EspalierException naming all rules if there is none
   */
  public static BosRule named(String name) {
    return Arrays.stream(values())
        .filter(rule -> rule.name().equals(name.strip().toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new EspalierException(
                    "There is no BOS rule " + name + "; choose tokenizer, none or always."));
  }
}
