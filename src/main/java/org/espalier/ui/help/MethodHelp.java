package org.espalier.ui.help;

import java.util.List;
import java.util.stream.Stream;
import org.espalier.pruning.MethodDescription;
import org.espalier.ui.platform.Messages;

/** A method, in its own words, with its parameters. */
public record MethodHelp(MethodDescription method) implements HelpSubject {
  @Override
  public HelpTopic topic(Messages messages) {
    List<HelpSubject> parts =
        Stream.<HelpSubject>concat(
                method.parameters().stream().map(parameter -> new ParameterHelp(method, parameter)),
                Stream.of(ViewHelp.METHOD))
            .toList();
    return new HelpTopic(method.title(), method.summary(), method.source(), parts);
  }
}
