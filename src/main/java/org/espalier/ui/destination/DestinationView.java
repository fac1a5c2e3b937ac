package org.espalier.ui.destination;

import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import org.espalier.ui.destination.DestinationViewModel.Cost;
import org.espalier.ui.destination.DestinationViewModel.Place;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.platform.NamedChoice;

/** Asks where the pruned model will run, before it is pruned, and says what that costs. */
public final class DestinationView {
  private final DestinationViewModel viewModel;
  private final Messages messages;

  @FXML private ComboBox<Place> place;
  @FXML private HBox rounding;
  @FXML private ComboBox<Integer> multiple;
  @FXML private Label refusal;
  @FXML private Label headline;
  @FXML private Label note;
  @FXML private ToggleButton both;
  @FXML private Button measure;

  public DestinationView(DestinationViewModel viewModel, Messages messages) {
    this.viewModel = viewModel;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    place.setConverter(new NamedChoice<>(Place::title));
    place.getItems().setAll(viewModel.places());
    place.valueProperty().bindBidirectional(viewModel.place());
    multiple.setConverter(
        new NamedChoice<>(
            number ->
                number == 1
                    ? messages.text("destination.anyNumber")
                    : messages.text("destination.multiple", number)));
    multiple.getItems().setAll(DestinationViewModel.MULTIPLES);
    multiple.valueProperty().bindBidirectional(viewModel.multiple());
    both.selectedProperty().bindBidirectional(viewModel.both());
    both.setTooltip(tooltip(messages.text("destination.bothExplained")));
    measure.setTooltip(tooltip(messages.text("destination.measureExplained")));
    refusal.textProperty().bind(viewModel.refusal());
    shownWithText(refusal);
    shownWithText(headline);
    shownWithText(note);
    viewModel.place().addListener((property, before, after) -> showPlace(after));
    showPlace(viewModel.place().get());
    viewModel.words().addListener((property, before, after) -> show());
    viewModel.cost().addListener((property, before, after) -> show());
    viewModel.comparable().addListener((property, before, after) -> show());
    viewModel.measuring().addListener((property, before, after) -> show());
    show();
  }

  private void showPlace(Place chosen) {
    show(rounding, !chosen.target().isEmpty());
    place.setTooltip(tooltip(chosen.description()));
  }

  private void show() {
    Cost cost = viewModel.cost().get();
    boolean running = viewModel.measuring().get() != null;
    headline.setText(cost.headline());
    note.setText(
        running
            ? messages.text("destination.measuring")
            : cost.note().isEmpty() ? viewModel.words().get() : cost.note());
    both.setVisible(!cost.headline().isEmpty() && viewModel.comparable().get());
    measure.setText(messages.text(running ? "destination.cancel" : "destination.measure"));
    show(measure, running || cost.measurable());
  }

  @FXML
  private void measureOrCancel() {
    if (viewModel.measuring().get() != null) {
      viewModel.cancel();
    } else {
      viewModel.measure();
    }
  }

  private static void shownWithText(Label label) {
    label.visibleProperty().bind(label.textProperty().isNotEmpty());
    label.managedProperty().bind(label.visibleProperty());
  }

  private static void show(Node node, boolean visible) {
    node.setVisible(visible);
    node.setManaged(visible);
  }

  private static Tooltip tooltip(String text) {
    Tooltip tooltip = new Tooltip(text);
    tooltip.setWrapText(true);
    tooltip.setMaxWidth(420);
    return tooltip;
  }
}
