package org.espalier.ui.help;

import org.espalier.ui.platform.Messages;

/** Something that can be asked about. */
public interface HelpSubject {
  HelpTopic topic(Messages messages);
}
