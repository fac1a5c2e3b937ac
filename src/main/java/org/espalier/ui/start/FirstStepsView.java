package org.espalier.ui.start;

import java.nio.file.Path;
import javafx.beans.binding.Bindings;
import javafx.collections.ListChangeListener;
import javafx.css.PseudoClass;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.espalier.ui.platform.Icon;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.start.FirstStepsViewModel.Step;

/** A quiet panel with the first steps and the models opened before. */
public final class FirstStepsView {
  private static final PseudoClass NEXT = PseudoClass.getPseudoClass("next");
  private static final PseudoClass DONE = PseudoClass.getPseudoClass("done");

  private final FirstStepsViewModel viewModel;
  private final Messages messages;

  @FXML private VBox root;
  @FXML private VBox hint;
  @FXML private VBox steps;
  @FXML private Button putAway;
  @FXML private VBox again;
  @FXML private VBox models;

  public FirstStepsView(FirstStepsViewModel viewModel, Messages messages) {
    this.viewModel = viewModel;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    putAway.setGraphic(Icon.CLOSE.node(9));
    for (Step step : Step.values()) {
      steps.getChildren().add(line(step));
    }
    shown(hint, viewModel.wanted());
    shown(again, Bindings.isNotEmpty(viewModel.recent()));
    shown(root, viewModel.wanted().or(Bindings.isNotEmpty(viewModel.recent())));
    viewModel.next().addListener((property, before, after) -> mark(after));
    mark(viewModel.next().get());
    viewModel.recent().addListener((ListChangeListener<Path>) change -> showModels());
    showModels();
  }

  private static void shown(Node node, javafx.beans.value.ObservableBooleanValue when) {
    node.visibleProperty().bind(when);
    node.managedProperty().bind(when);
  }

  private Node line(Step step) {
    Label number = new Label(Integer.toString(step.ordinal() + 1));
    number.getStyleClass().add("step-number");
    number.setMinSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
    Label words = new Label(messages.text("start." + step));
    words.setWrapText(true);
    words.setMinHeight(Region.USE_PREF_SIZE);
    HBox line = new HBox(8, number, words);
    line.getStyleClass().add("step");
    return line;
  }

  private void mark(Step next) {
    for (Step step : Step.values()) {
      Node line = steps.getChildren().get(step.ordinal());
      line.pseudoClassStateChanged(NEXT, step == next);
      line.pseudoClassStateChanged(DONE, step.ordinal() < next.ordinal());
    }
  }

  private void showModels() {
    models.getChildren().clear();
    for (Path folder : viewModel.recent()) {
      Hyperlink link = new Hyperlink(folder.getFileName().toString());
      link.setId("recent-" + models.getChildren().size());
      link.setTextOverrun(OverrunStyle.CENTER_ELLIPSIS);
      link.setTooltip(new Tooltip(folder.toString()));
      link.setOnAction(event -> viewModel.open(folder));
      models.getChildren().add(link);
    }
  }

  @FXML
  private void putAway() {
    viewModel.putAway();
  }
}
