package org.espalier.ui.help;

import java.util.ArrayDeque;
import java.util.Deque;
import javafx.geometry.Bounds;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.Popup;
import javafx.stage.PopupWindow;
import javafx.stage.Window;
import org.espalier.ui.platform.Icon;
import org.espalier.ui.platform.Messages;

/** A small card with one topic, and a way to its parts and back. */
final class HelpPopover {
  private static final double WIDTH = 400;
  private static final double GAP = 6;
  private static final double MARGIN = 8;

  private final Messages messages;
  private final Popup popup = new Popup();
  private final VBox card = new VBox();
  private final Deque<HelpSubject> before = new ArrayDeque<>();
  private Node anchor;

  HelpPopover(Messages messages) {
    this.messages = messages;
    card.getStyleClass().add("help-card");
    card.setId("help");
    card.setPrefWidth(WIDTH);
    card.setMaxWidth(WIDTH);
    popup.getContent().add(card);
    popup.setAutoHide(true);
    popup.setAnchorLocation(PopupWindow.AnchorLocation.CONTENT_TOP_LEFT);
  }

  void show(HelpSubject subject, Node beside) {
    before.clear();
    anchor = beside;
    fill(subject);
  }

  private void goTo(HelpSubject part, HelpSubject from) {
    before.push(from);
    fill(part);
  }

  private void fill(HelpSubject subject) {
    HelpTopic topic = subject.topic(messages);
    Label title = wrapped(topic.title(), "help-title");
    HBox.setHgrow(title, Priority.ALWAYS);
    title.setMaxWidth(Double.MAX_VALUE);
    Button close = quiet(Icon.CLOSE.node(10));
    close.setId("help-close");
    close.setAccessibleText(
        messages.text("help.closeAccessible", topic.title(), topic.text(), topic.source()));
    close.setOnAction(event -> popup.hide());
    HBox head = new HBox(6);
    head.setAlignment(Pos.CENTER_LEFT);
    if (!before.isEmpty()) {
      HelpSubject back = before.peek();
      Button goBack = quiet(new Label("‹"));
      goBack.setId("help-back");
      goBack.setAccessibleText(messages.text("help.back", back.topic(messages).title()));
      goBack.setOnAction(
          event -> {
            before.pop();
            fill(back);
          });
      head.getChildren().add(goBack);
    }
    head.getChildren().addAll(title, close);
    Label text = wrapped(topic.text(), "help-text");
    text.setId("help-text");
    Label source = wrapped(messages.text("help.source", topic.source()), "note");
    source.setId("help-source");
    card.getChildren().setAll(head, text, source);
    if (!topic.parts().isEmpty()) {
      card.getChildren().add(parts(subject, topic));
    }
    place();
    close.requestFocus();
  }

  private Node parts(HelpSubject subject, HelpTopic topic) {
    FlowPane links = new FlowPane(12, 2);
    links.getStyleClass().add("help-parts");
    for (HelpSubject part : topic.parts()) {
      Hyperlink link = new Hyperlink(part.topic(messages).title());
      link.setOnAction(event -> goTo(part, subject));
      links.getChildren().add(link);
    }
    return links;
  }

  /** Below the anchor, above it where there is no room, and inside the window. */
  private void place() {
    Window window = anchor.getScene().getWindow();
    if (!popup.isShowing()) {
      popup.show(window);
    }
    card.applyCss();
    card.layout();
    Bounds at = anchor.localToScreen(anchor.getLayoutBounds());
    double height = card.prefHeight(WIDTH);
    double right = window.getX() + anchor.getScene().getX() + anchor.getScene().getWidth();
    double bottom = window.getY() + anchor.getScene().getY() + anchor.getScene().getHeight();
    double x = Math.min(at.getMinX(), right - WIDTH - MARGIN);
    boolean below = at.getMaxY() + GAP + height + MARGIN <= bottom;
    double y =
        below
            ? at.getMaxY() + GAP
            : Math.max(window.getY() + MARGIN, Math.min(at.getMinY() - GAP, bottom) - height);
    popup.setAnchorX(Math.max(window.getX() + MARGIN, x));
    popup.setAnchorY(y);
  }

  private static Button quiet(Node graphic) {
    Button button = new Button();
    button.setGraphic(graphic);
    button.getStyleClass().add("quiet-button");
    button.setMinSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
    return button;
  }

  private static Label wrapped(String text, String style) {
    Label label = new Label(text);
    label.getStyleClass().add(style);
    label.setWrapText(true);
    label.setMinHeight(Region.USE_PREF_SIZE);
    return label;
  }
}
