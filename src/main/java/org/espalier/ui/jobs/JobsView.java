package org.espalier.ui.jobs;

import java.util.IdentityHashMap;
import java.util.function.Consumer;
import javafx.collections.ListChangeListener;
import javafx.css.PseudoClass;
import javafx.fxml.FXML;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.espalier.ui.platform.Icon;
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
    Button log = icon(Icon.HISTORY, "job.log", item);
    log.getStyleClass().add("job-log");
    log.setOnAction(event -> viewModel.showLog(item));
    Button earlier = icon(Icon.EARLIER, "job.earlier", item);
    earlier.getStyleClass().add("job-earlier");
    earlier.setOnAction(event -> item.move(true));
    earlier.disableProperty().bind(item.waitingBehind().isEqualTo(0));
    Button later = icon(Icon.LATER, "job.later", item);
    later.getStyleClass().add("job-later");
    later.setOnAction(event -> item.move(false));
    Button retry = new Button(messages.text("job.retry"));
    retry.getStyleClass().addAll("link", "job-retry");
    retry.setMinWidth(Region.USE_PREF_SIZE);
    retry.setOnAction(event -> viewModel.repeat(item));
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
    HBox words = new HBox(4, title, space, earlier, later, retry, log, button);
    words.setAlignment(Pos.CENTER_LEFT);
    VBox card = new VBox(3, words, stage, bar);
    card.getStyleClass().add("job");
    card.setPrefWidth(300);
    card.setMinWidth(220);
    card.setMaxWidth(420);
    HBox.setHgrow(card, Priority.ALWAYS);
    Consumer<JobState> dress =
        state -> {
          card.pseudoClassStateChanged(FAILED, state == JobState.FAILED);
          button.setText(messages.text(state.isOver() ? "job.dismiss" : "job.cancel"));
          show(earlier, state == JobState.QUEUED);
          show(later, state == JobState.QUEUED);
          show(retry, state == JobState.FAILED);
        };
    item.state().addListener((property, before, after) -> dress.accept(after));
    dress.accept(item.state().get());
    return card;
  }

  private Button icon(Icon picture, String key, JobItem item) {
    Button button = new Button();
    button.setGraphic(picture.node(11));
    button.getStyleClass().addAll("quiet-button", "job-button");
    button.setMinWidth(Region.USE_PREF_SIZE);
    String words = messages.text(key, item.title());
    button.setAccessibleText(words);
    button.setTooltip(new Tooltip(words));
    return button;
  }

  private static void show(Node node, boolean shown) {
    node.setVisible(shown);
    node.setManaged(shown);
  }
}
