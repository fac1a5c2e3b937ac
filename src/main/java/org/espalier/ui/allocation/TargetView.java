package org.espalier.ui.allocation;

import java.util.Locale;
import java.util.function.Function;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.ListCell;
import javafx.scene.control.Slider;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import org.espalier.allocation.RatioDefinition;

/** Slider, exact number and ratio definition. */
public final class TargetView {
  private final TargetViewModel viewModel;
  private boolean showing;

  @FXML private HBox root;
  @FXML private Slider slider;
  @FXML private TextField exact;
  @FXML private ComboBox<RatioDefinition> definition;

  public TargetView(TargetViewModel viewModel) {
    this.viewModel = viewModel;
  }

  @FXML
  private void initialize() {
    slider.setMax(TargetViewModel.SLIDER_MAXIMUM);
    root.disableProperty().bind(viewModel.available().not());
    definition.getItems().setAll(RatioDefinition.values());
    definition.setCellFactory(list -> new DefinitionCell(viewModel::name));
    definition.setButtonCell(new DefinitionCell(viewModel::shortName));
    viewModel.percent().addListener((property, before, after) -> show());
    viewModel.definition().addListener((property, before, after) -> show());
    show();
    slider.skinProperty().addListener((property, before, after) -> fillTrack());
    slider
        .valueProperty()
        .addListener(
            (property, before, after) -> {
              fillTrack();
              if (!showing) {
                viewModel.drag(after.doubleValue());
              }
            });
    slider
        .valueChangingProperty()
        .addListener(
            (property, before, changing) -> {
              if (!changing) {
                viewModel.endDrag();
              }
            });
    definition
        .valueProperty()
        .addListener(
            (property, before, after) -> {
              if (!showing && after != null) {
                viewModel.define(after);
              }
            });
    exact
        .focusedProperty()
        .addListener(
            (property, before, focused) -> {
              if (!focused) {
                takeExact();
              }
            });
  }

  @FXML
  private void takeExact() {
    String text = exact.getText();
    if (!text.equals(shownNumber())) {
      viewModel.type(text);
    }
    show();
  }

  /** A definition in words. */
  private static final class DefinitionCell extends ListCell<RatioDefinition> {
    private final Function<RatioDefinition, String> name;

    DefinitionCell(Function<RatioDefinition, String> name) {
      this.name = name;
    }

    @Override
    protected void updateItem(RatioDefinition of, boolean empty) {
      super.updateItem(of, empty);
      setText(empty || of == null ? "" : name.apply(of));
    }
  }

  /** Colours the track up to the thumb. */
  private void fillTrack() {
    Node track = slider.lookup(".track");
    if (track != null) {
      double share = 100 * slider.getValue() / slider.getMax();
      track.setStyle(
          String.format(
              Locale.ROOT,
              "-fx-background-color: linear-gradient(to right, -espalier-accent %1$.1f%%,"
                  + " -espalier-track %1$.1f%%);",
              share));
    }
  }

  private String shownNumber() {
    return TargetViewModel.exact(viewModel.percent().get());
  }

  private void show() {
    showing = true;
    try {
      if (!slider.isValueChanging()) {
        slider.setValue(viewModel.percent().get());
      }
      exact.setText(shownNumber());
      definition.setValue(viewModel.definition().get());
    } finally {
      showing = false;
    }
  }
}
