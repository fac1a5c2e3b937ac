package org.espalier.workbench;

import java.nio.file.Path;
import java.util.Optional;
import org.espalier.corpus.BosRule;
import org.espalier.evaluation.Protocol;
import org.espalier.evaluation.TextProtocol;
import org.espalier.workspace.Orders;

/**
 * Which text to evaluate on, and how.
 *
 * @param file as for calibration; empty for the protocol's own text in {@code folder}, or the
 *     held-out stories that come with the program
 * @param folder where the protocol looks for its text
 * @param protocol name of a {@link TextProtocol}
 * @param window tokens of one window; 0 for that of ready windows, or {@value #DEFAULT_WINDOW};
 *     {@link #MODEL_WINDOW} for as many as the model was made for
 * @param maxWindows at most so many windows; 0 for all
 * @param bos whether a BOS stands in front of the text
 * @param goodEnough stop once the confidence band is narrower than this share of the perplexity; 0
 *     for never. Windows then come in an order drawn with the seed, so that those seen stand for
 *     all
 * @param seed of that order
 * @param again measure again even if the result is known
 */
public record EvaluationRequest(
    Optional<Path> file,
    Optional<Path> folder,
    String protocol,
    int window,
    int maxWindows,
    BosRule bos,
    double goodEnough,
    long seed,
    boolean again) {
  /** Window length where none is asked for and the text does not bring its own. */
  public static final int DEFAULT_WINDOW = 128;

  /** Windows as long as the model allows. */
  public static final int MODEL_WINDOW = -1;

  /** The same on at most so many windows. */
  public EvaluationRequest atMost(int windows) {
    return new EvaluationRequest(
        file, folder, protocol, window, windows, bos, goodEnough, seed, again);
  }

  /** A text by the usual rules. */
  public EvaluationRequest(Optional<Path> file, int window, int maxWindows) {
    this(
        file,
        Optional.empty(),
        TextProtocol.ANY_TEXT,
        window,
        maxWindows,
        BosRule.TOKENIZER,
        0,
        0,
        false);
  }

  /** What was ordered, to be measured again. */
  public static EvaluationRequest of(Orders.PerplexityOrder order) {
    return new EvaluationRequest(
        Texts.path(order.file()),
        Texts.path(order.folder()),
        order.rules(),
        order.window(),
        order.maxWindows(),
        BosRule.named(order.bos()),
        order.goodEnough(),
        order.seed(),
        true);
  }

  /** This, to be kept with its number. */
  public Orders.PerplexityOrder order(Protocol measured) {
    return new Orders.PerplexityOrder(
        measured,
        Texts.wholePath(file),
        Texts.wholePath(folder),
        protocol,
        window,
        maxWindows,
        bos.name(),
        goodEnough,
        seed);
  }
}
