package org.espalier.ui.session;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;

/** Which sheet lies over the window; at most one. */
public final class Sheets {
  /** A sheet. */
  public enum Sheet {
    NONE,
    EVALUATION,
    EXPORT,
    TRIAL,
    RACE,
    RECOVERY,
    REPORT,
    PREFERENCES,
    ABOUT,
    COMPARISON,
    /** The comparison for an audience: full screen, large type. */
    DEMO,
    HUB,
    JOB_LOG,
    CLOSING,
    TRASH
  }

  private final ObjectProperty<Sheet> open = new SimpleObjectProperty<>(Sheet.NONE);

  public ObjectProperty<Sheet> open() {
    return open;
  }

  public void close() {
    open.set(Sheet.NONE);
  }
}
