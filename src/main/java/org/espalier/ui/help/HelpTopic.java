package org.espalier.ui.help;

import java.util.List;

/**
 * What the program says about one thing.
 *
 * @param text one paragraph
 * @param source paper with section or equation, or the protocol that a number follows
 * @param parts what can be asked about further, such as the numbers of a view
 */
public record HelpTopic(String title, String text, String source, List<HelpSubject> parts) {
  public HelpTopic {
    parts = List.copyOf(parts);
  }
}
