package org.espalier.ui.heatmap;

import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.espalier.allocation.PrunableModel;
import org.espalier.transformer.SubLayerKind;
import org.espalier.ui.allocation.Draft.Fate;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.preferences.PreferencesViewModel;
import org.espalier.ui.preferences.TextSize;

/** One block instead of all rows, with the buttons that keep and drop its units. */
public final class BlockView {
  private final BlockViewModel viewModel;
  private final PreferencesViewModel preferences;
  private final Messages messages;

  @FXML private VBox root;
  @FXML private Label title;
  @FXML private Label source;
  @FXML private Button previous;
  @FXML private Button next;
  @FXML private VBox plots;
  @FXML private TextField unit;
  @FXML private Label marked;
  @FXML private ToggleButton keep;
  @FXML private ToggleButton drop;
  @FXML private ToggleButton byScore;

  public BlockView(BlockViewModel viewModel, PreferencesViewModel preferences, Messages messages) {
    this.viewModel = viewModel;
    this.preferences = preferences;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    for (SubLayerKind kind : SubLayerKind.values()) {
      BlockControl control = new BlockControl(viewModel, kind, messages);
      VBox.setVgrow(control, Priority.ALWAYS);
      plots.getChildren().add(control);
      control.coloursProperty().bind(HeatmapColours.of(preferences));
      control.textScaleProperty().bind(preferences.textSize().map(TextSize::scale));
    }
    viewModel.block().addListener((property, before, after) -> showBlock());
    viewModel.marked().addListener((property, before, after) -> showMarked());
    viewModel.heatmap().picture().addListener((property, before, after) -> showMarked());
    unit.setOnAction(
        event -> {
          if (viewModel.mark(unit.getText())) {
            unit.selectAll();
          } else {
            showMarked();
          }
        });
    showBlock();
    showMarked();
  }

  @FXML
  private void showAll() {
    viewModel.close();
  }

  @FXML
  private void showPrevious() {
    viewModel.move(-1);
  }

  @FXML
  private void showNext() {
    viewModel.move(1);
  }

  @FXML
  private void keepUnit() {
    viewModel.decide(Fate.KEPT_BY_HAND);
    showMarked();
  }

  @FXML
  private void dropUnit() {
    viewModel.decide(Fate.DROPPED_BY_HAND);
    showMarked();
  }

  @FXML
  private void leaveUnit() {
    viewModel.decide(Fate.BY_SCORE);
    showMarked();
  }

  private void showBlock() {
    boolean shown = viewModel.block().get().isPresent();
    root.setVisible(shown);
    root.setManaged(shown);
    if (shown) {
      int block = viewModel.block().get().get();
      PrunableModel model = viewModel.heatmap().picture().get().model();
      int last = model.blocks().size() - 1;
      title.setText(messages.text("block.title", model.number(block)));
      source.setText(viewModel.source());
      previous.setDisable(block == 0);
      next.setDisable(block == last);
      if (!root.isFocusWithin()) {
        plots.getChildren().get(1).requestFocus();
      }
    }
  }

  private void showMarked() {
    if (viewModel.block().get().isEmpty()) {
      return;
    }
    marked.setText(viewModel.describeMarked());
    viewModel
        .marked()
        .get()
        .filter(chosen -> !unit.isFocused() || !unit.getText().strip().isEmpty())
        .ifPresent(chosen -> unit.setText(Integer.toString(chosen.unit())));
    if (viewModel.marked().get().isEmpty() && !unit.isFocused()) {
      unit.clear();
    }
    boolean decidable = viewModel.isDecidable();
    Fate fate = viewModel.fate();
    show(keep, decidable, fate == Fate.KEPT_BY_HAND);
    show(drop, decidable, fate == Fate.DROPPED_BY_HAND);
    show(byScore, decidable, decidable && fate == Fate.BY_SCORE);
  }

  private static void show(ToggleButton button, boolean decidable, boolean chosen) {
    button.setDisable(!decidable);
    button.setSelected(chosen);
  }
}
