package org.espalier.ui.charts;

import org.espalier.evaluation.Protocol;
import org.espalier.evaluation.SpeedResult;
import org.espalier.ui.platform.Messages;

/** Protocols in words, the same wherever a number stands. */
public final class ProtocolWords {
  private final Messages messages;

  public ProtocolWords(Messages messages) {
    this.messages = messages;
  }

  /** Of a finished evaluation. */
  public String of(Protocol protocol) {
    return messages.text(
        "protocol.perplexity",
        protocol.text(),
        protocol.windows(),
        protocol.window(),
        protocol.bos(),
        protocol.dtype(),
        protocol.device());
  }

  /** Of a measured speed. */
  public String of(SpeedResult speed) {
    return messages.text(
        "protocol.speed",
        speed.batch(),
        speed.promptTokens(),
        speed.newTokens(),
        speed.rounds(),
        speed.device());
  }
}
