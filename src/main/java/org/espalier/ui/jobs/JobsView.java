package org.espalier.ui.jobs;

import java.util.IdentityHashMap;
import javafx.collections.ListChangeListener;
import javafx.css.PseudoClass;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.espalier.ui.platform.Messages;
import org.espalier.workbench.JobState;

/** Cards at the foot of the window, one for each job. */
public final class JobsView {
  private static final PseudoClass FAILED = PseudoClass.getPseudoClass("failed");

  private final JobsViewModel viewModel;
  private final Messages messages;
  private final IdentityHashMap<JobItem, Node> cards = new IdentityHashMap<>();

  @FXML private HBox list;
  @FXML private Label empty;

  public JobsView(JobsViewModel viewModel, Messages messages) {
    this.viewModel = viewModel;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    viewModel.items().addListener((ListChangeListener<JobItem>) change -> show());
    show();
  }

  private void show() {
    cards.keySet().retainAll(viewModel.items());
    list.getChildren()
        .setAll(
            viewModel.items().stream()
                .map(item -> cards.computeIfAbsent(item, this::card))
                .toList());
    empty.setVisible(viewModel.items().isEmpty());
    empty.setManaged(viewModel.items().isEmpty());
  }

  private Node card(JobItem item) {
    Label title = new Label(item.title());
    title.getStyleClass().add("job-title");
    title.setMinWidth(0);
    Label stage = new Label();
    stage.getStyleClass().add("quiet");
    stage.textProperty().bind(item.stage());
    stage.setMinWidth(0);
    Tooltip whole = new Tooltip();
    whole.textProperty().bind(item.stage());
    whole.setWrapText(true);
    whole.setMaxWidth(480);
    stage.setTooltip(whole);
    Button button = new Button();
    button.getStyleClass().add("link");
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setOnAction(
        event -> {
          if (item.isOver()) {
            viewModel.dismiss(item);
          } else {
            item.cancel();
          }
        });
    ProgressBar bar = new ProgressBar();
    bar.setMaxWidth(Double.MAX_VALUE);
    bar.progressProperty().bind(item.fraction());
    Region space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    HBox words = new HBox(8, title, space, button);
    VBox card = new VBox(3, words, stage, bar);
    card.getStyleClass().add("job");
    card.setPrefWidth(300);
    card.setMinWidth(220);
    card.setMaxWidth(420);
    HBox.setHgrow(card, Priority.ALWAYS);
    item.state().addListener((property, before, after) -> dress(card, button, after));
    dress(card, button, item.state().get());
    return card;
  }

  private void dress(Node card, Button button, JobState state) {
    card.pseudoClassStateChanged(FAILED, state == JobState.FAILED);
    button.setText(messages.text(state.isOver() ? "job.dismiss" : "job.cancel"));
  }
}
