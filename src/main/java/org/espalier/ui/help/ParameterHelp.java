package org.espalier.ui.help;

import java.util.List;
import org.espalier.pruning.MethodDescription;
import org.espalier.pruning.MethodParameter;
import org.espalier.ui.platform.Messages;

/** A parameter of a method: what it does, what it may be and what it starts with. */
public record ParameterHelp(MethodDescription method, MethodParameter parameter)
    implements HelpSubject {
  @Override
  public HelpTopic topic(Messages messages) {
    String text =
        messages.text(
            "help.parameter.text",
            parameter.description(),
            parameter.range().words(),
            parameter.defaultValue());
    return new HelpTopic(
        messages.text("help.parameter.title", parameter.name(), method.title()),
        text,
        method.source(),
        List.of());
  }
}
