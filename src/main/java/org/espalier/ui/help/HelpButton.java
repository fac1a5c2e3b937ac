package org.espalier.ui.help;

import java.util.function.Supplier;
import javafx.scene.control.Button;
import javafx.scene.layout.Region;

/** A question mark that explains what stands beside it. */
public final class HelpButton extends Button {
  private Supplier<HelpSubject> subject = () -> ViewHelp.ESPALIER;

  public HelpButton() {
    super("?");
    getStyleClass().add("help-button");
    setMinSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
    setOnAction(event -> fireEvent(new HelpEvent(subject())));
  }

  /** What it explains now. */
  public HelpSubject subject() {
    return subject.get();
  }

  /** For layout files. */
  public void setView(ViewHelp view) {
    subject = () -> view;
    setId("help-" + view);
  }

  /** For layout files; the view that it was made for, at first. */
  public ViewHelp getView() {
    return subject.get() instanceof ViewHelp view ? view : ViewHelp.ESPALIER;
  }

  /** Explains what the supplier gives at the moment of asking. */
  public void explain(Supplier<HelpSubject> other) {
    subject = other;
  }
}
