package org.espalier.ui.help;

import javafx.event.Event;
import javafx.event.EventType;

/** Somebody asks about something; the node that it is fired at is what they look at. */
public final class HelpEvent extends Event {
  public static final EventType<HelpEvent> ASKED = new EventType<>(Event.ANY, "HELP_ASKED");

  private static final long serialVersionUID = 1;

  private final transient HelpSubject subject;

  HelpEvent(HelpSubject subject) {
    super(ASKED);
    this.subject = subject;
  }

  HelpSubject subject() {
    return subject;
  }
}
