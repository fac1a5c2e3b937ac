package org.espalier.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.espalier.corpus.BosRule;
import org.espalier.evaluation.TextProtocol;
import org.espalier.workbench.EvaluationRequest;
import picocli.CommandLine.Option;

/** Which text to read, and how. */
final class TextOptions {
  @Option(
      names = "--text",
      paramLabel = "FILE",
      description =
          "Text: plain text, JSONL with a text field, or .json with token windows (default for the"
              + " sample model: its held-out text).")
  private Path text;

  @Option(
      names = "--protocol",
      paramLabel = "NAME",
      description =
          "Rules for the text: wikitext2, ptb, c4 or text (default: text). The first three find"
              + " their text in the folder of --data.")
  private String protocol;

  @Option(
      names = "--window",
      paramLabel = "N",
      description =
          "Tokens of one window; 'model' for as many as the model was made for (default: as ready"
              + " windows, or 128 of a text).")
  private String window;

  @Option(
      names = "--bos",
      paramLabel = "RULE",
      defaultValue = "tokenizer",
      description =
          "BOS at the start of the text: tokenizer (where it adds one), none or always (default:"
              + " ${DEFAULT-VALUE}).")
  private String bos;

  @Option(
      names = "--max-windows",
      paramLabel = "N",
      description = "Stop after so many windows (default: all).")
  private Integer maxWindows;

  /** True if a text or rules for one are named. */
  boolean given() {
    return text != null || protocol != null;
  }

  /** Complains about what cannot be meant. */
  void check() {
    UsageException.requireAtLeast(2, "--window", windowLength());
    UsageException.requireKnown(() -> BosRule.named(bos));
    if (protocol != null) {
      UsageException.requireKnown(() -> TextProtocol.named(protocol));
    }
    UsageException.requireAtLeast(1, "--max-windows", maxWindows);
  }

  /**
   * What was asked for.
   *
   * @param data where rules look for their text
   * @param goodEnough as {@link EvaluationRequest#goodEnough}
   */
  EvaluationRequest request(Optional<Path> data, double goodEnough, long seed, boolean again) {
    return new EvaluationRequest(
        Optional.ofNullable(text),
        data,
        protocol == null ? TextProtocol.ANY_TEXT : protocol,
        "model".equals(window) ? EvaluationRequest.MODEL_WINDOW : orZero(windowLength()),
        orZero(maxWindows),
        BosRule.named(bos),
        goodEnough,
        seed,
        again);
  }

  /** The window as a number; null where it is not given or is the model's own. */
  private Integer windowLength() {
    if (window == null || window.equals("model")) {
      return null;
    }
    try {
      return Integer.valueOf(window);
    } catch (NumberFormatException e) {
      throw new UsageException("--window is a whole number or 'model', not " + window);
    }
  }

  private static int orZero(Integer value) {
    return value == null ? 0 : value;
  }
}
