package org.espalier.ui.help;

import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import org.espalier.ui.platform.Messages;

/**
 * Answers {@link HelpButton}s, clicks on explained labels, and F1, which explains the control that
 * has the keyboard or, where that has nothing to say, what it belongs to.
 */
public final class Help {
  private final Messages messages;
  private final HelpPopover popover;

  private Help(Messages messages) {
    this.messages = messages;
    popover = new HelpPopover(messages);
  }

  /** Lets a window answer. */
  public static void install(Parent root, Messages messages) {
    Help help = new Help(messages);
    root.addEventHandler(HelpEvent.ASKED, help::answer);
    root.addEventFilter(KeyEvent.KEY_PRESSED, help::key);
    for (Node node : root.lookupAll(".help-button")) {
      if (node instanceof HelpButton button) {
        help.name(button);
        // What it explains may change; its name follows when the keyboard gets there.
        button.focusedProperty().addListener((property, before, after) -> help.name(button));
      }
    }
  }

  /** What F1 explains while the node has the keyboard. */
  public static void explain(Node node, HelpSubject subject) {
    node.getProperties().put(HelpSubject.class, subject);
  }

  /** As {@link #explain}, and a click explains it, too. */
  public static void explainOnClick(Label label, HelpSubject subject) {
    explain(label, subject);
    if (!label.getStyleClass().contains("explained")) {
      label.getStyleClass().add("explained");
    }
    label.setOnMouseClicked(
        event -> {
          if (event.getButton() == MouseButton.PRIMARY) {
            label.fireEvent(new HelpEvent(subject));
            event.consume();
          }
        });
  }

  private void name(HelpButton button) {
    button.setAccessibleText(
        messages.text("help.accessible", button.subject().topic(messages).title()));
  }

  private void answer(HelpEvent event) {
    popover.show(event.subject(), (Node) event.getTarget());
    event.consume();
  }

  private void key(KeyEvent event) {
    if (event.getCode() != KeyCode.F1) {
      return;
    }
    Node focused = ((Node) event.getSource()).getScene().getFocusOwner();
    for (Node at = focused; at != null; at = at.getParent()) {
      Optional<HelpSubject> subject = subjectOf(at);
      if (subject.isPresent()) {
        popover.show(subject.get(), focused);
        event.consume();
        return;
      }
    }
  }

  private static Optional<HelpSubject> subjectOf(Node node) {
    if (node.getProperties().get(HelpSubject.class) instanceof HelpSubject marked) {
      return Optional.of(marked);
    }
    return node.lookupAll(".help-button").stream()
        .filter(Help::isShown)
        .filter(HelpButton.class::isInstance)
        .map(button -> ((HelpButton) button).subject())
        .findFirst();
  }

  private static boolean isShown(Node node) {
    for (Node at = node; at != null; at = at.getParent()) {
      if (!at.isVisible()) {
        return false;
      }
    }
    return true;
  }
}
