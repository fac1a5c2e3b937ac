package org.espalier.ui.heatmap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.fxml.FXML;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.image.ImageView;
import javafx.scene.image.WritableImage;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.espalier.pruning.MethodDescription;
import org.espalier.report.heatmap.ColourMap;
import org.espalier.report.heatmap.Normalisation;
import org.espalier.report.heatmap.Overlay;
import org.espalier.report.heatmap.UnitOrder;
import org.espalier.ui.compare.SameTarget;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.preferences.PreferencesViewModel;
import org.espalier.ui.preferences.TextSize;
import org.espalier.workspace.Run;

/** Panel with the espalier, its modes, its legend and a line about what is pointed at. */
public final class HeatmapView {
  private static final int LEGEND_WIDTH = 26;
  private static final int LEGEND_HEIGHT = 10;

  private final HeatmapViewModel viewModel;
  private final SameTarget sameTarget;
  private final PreferencesViewModel preferences;
  private final Messages messages;
  private final ObjectProperty<HeatmapColours> colours = new SimpleObjectProperty<>();

  @FXML private Label title;
  @FXML private Label note;
  @FXML private ToggleButton byScore;
  @FXML private ToggleButton byIndex;
  @FXML private ToggleButton perBlock;
  @FXML private ToggleButton perKind;
  @FXML private ToggleButton global;
  @FXML private VBox stream;
  @FXML private StackPane frame;
  @FXML private Label empty;
  @FXML private FlowPane legend;
  @FXML private Label pointedAt;
  @FXML private MenuButton compare;
  @FXML private HBox selectionBar;
  @FXML private Label selected;

  public HeatmapView(
      HeatmapViewModel viewModel,
      SameTarget sameTarget,
      PreferencesViewModel preferences,
      Messages messages) {
    this.viewModel = viewModel;
    this.sameTarget = sameTarget;
    this.preferences = preferences;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    colours.bind(HeatmapColours.of(preferences));
    EspalierControl control = new EspalierControl(viewModel, messages);
    frame.getChildren().add(0, control);
    ResidualStreamControl channels = new ResidualStreamControl(viewModel.stream(), messages);
    stream.getChildren().add(channels);
    empty.visibleProperty().bind(viewModel.picture().isNull());
    title.textProperty().bind(viewModel.title());
    note.textProperty().bind(viewModel.note());
    Tooltip whole = new Tooltip();
    whole.textProperty().bind(viewModel.note());
    whole.setWrapText(true);
    whole.setMaxWidth(420);
    note.setTooltip(whole);
    pointedAt.textProperty().bind(control.pointedAtProperty());
    compare.setOnShowing(event -> showComparable());
    showComparable();
    viewModel.selection().chosen().addListener((property, before, after) -> showSelection());
    showSelection();
    choice(viewModel.order().get(), byScore, UnitOrder.BY_SCORE, byIndex, UnitOrder.BY_INDEX);
    onChoice(byScore, choice -> viewModel.order().set((UnitOrder) choice));
    choice(
        viewModel.normalisation().get(),
        perBlock,
        Normalisation.PER_BLOCK,
        perKind,
        Normalisation.PER_KIND,
        global,
        Normalisation.GLOBAL);
    onChoice(perBlock, choice -> viewModel.normalisation().set((Normalisation) choice));
    viewModel
        .picture()
        .addListener(
            (property, before, after) -> {
              showLegend();
              showSelection();
            });
    showLegend();
    colours.addListener(
        (property, before, after) -> {
          legend.setUserData(null);
          showLegend();
        });
    control.coloursProperty().bind(colours);
    control.textScaleProperty().bind(preferences.textSize().map(TextSize::scale));
    channels.coloursProperty().bind(colours);
    channels.textScaleProperty().bind(preferences.textSize().map(TextSize::scale));
    viewModel
        .enlarged()
        .addListener(
            (property, before, after) -> {
              control.setVisible(after.isEmpty());
              if (after.isEmpty()) {
                control.requestFocus();
              }
            });
  }

  @FXML
  private void lockSelection() {
    viewModel.draft().toggleLocks(viewModel.selection().chosen().get());
  }

  @FXML
  private void evenOutSelection() {
    viewModel.evenOut();
  }

  @FXML
  private void resetSelection() {
    viewModel.draft().reset(viewModel.selection().chosen().get());
  }

  @FXML
  private void releaseSelection() {
    viewModel.draft().release(viewModel.selection().chosen().get());
  }

  private void showSelection() {
    boolean any = !viewModel.selection().isEmpty();
    selectionBar.setVisible(any);
    selectionBar.setManaged(any);
    selected.setText(viewModel.describeSelection());
  }

  private void showComparable() {
    List<MenuItem> items = new ArrayList<>();
    items.add(comparison(messages.text("compare.none"), Optional.empty()));
    for (Overlay other : viewModel.comparable()) {
      items.add(comparison(other.name(), Optional.of(other)));
    }
    for (int place = 0; place < items.size(); place++) {
      items.get(place).setId("compare-with-" + place);
    }
    sameTarget.shown().ifPresent(run -> items.addAll(otherMethods(run)));
    compare.getItems().setAll(items);
  }

  private List<MenuItem> otherMethods(Run run) {
    MenuItem heading =
        new MenuItem(messages.text("compare.prune", Figures.percent(run.target().ratio())));
    heading.setDisable(true);
    List<MenuItem> items = new ArrayList<>(List.of(new SeparatorMenuItem(), heading));
    for (MethodDescription method : sameTarget.methods()) {
      MenuItem item = new MenuItem(method.title());
      item.setId("compare-by-" + method.name());
      item.setMnemonicParsing(false);
      item.setOnAction(event -> sameTarget.start(method));
      items.add(item);
    }
    return items;
  }

  private MenuItem comparison(String name, Optional<Overlay> other) {
    RadioMenuItem item = new RadioMenuItem(name);
    item.setMnemonicParsing(false);
    item.setSelected(viewModel.overlay().get().equals(other));
    item.setOnAction(event -> viewModel.overlay().set(other));
    return item;
  }

  private void showLegend() {
    List<ColourLegend.Entry> entries = viewModel.legend();
    if (entries.equals(legend.getUserData())) {
      return;
    }
    legend.setUserData(entries);
    legend.getChildren().clear();
    for (ColourLegend.Entry entry : entries) {
      HBox group =
          new HBox(
              label(entry.label(), "quiet"),
              label(entry.low(), "figure"),
              new ImageView(strip(0, 0.5)),
              label(entry.middle(), "figure"),
              new ImageView(strip(0.5, 1)),
              label(entry.high(), "figure"));
      group.getStyleClass().add("legend-entry");
      legend.getChildren().add(group);
    }
    if (!entries.isEmpty()) {
      Label statistic = label(viewModel.statistic(), "quiet");
      statistic.setTooltip(new Tooltip(messages.text("legend.explained", viewModel.statistic())));
      legend.getChildren().add(statistic);
    }
  }

  private static Label label(String text, String style) {
    Label label = new Label(text);
    label.getStyleClass().add(style);
    label.setMinWidth(Region.USE_PREF_SIZE);
    return label;
  }

  private WritableImage strip(double from, double to) {
    ColourMap map = colours.get().palette().map();
    WritableImage strip = new WritableImage(LEGEND_WIDTH, LEGEND_HEIGHT);
    for (int x = 0; x < LEGEND_WIDTH; x++) {
      int colour = map.colour(from + (to - from) * x / (LEGEND_WIDTH - 1.0));
      for (int y = 0; y < LEGEND_HEIGHT; y++) {
        strip.getPixelWriter().setArgb(x, y, colour);
      }
    }
    return strip;
  }

  /** Pairs of toggle and value. */
  private static void choice(Object chosen, Object... togglesAndValues) {
    for (int i = 0; i < togglesAndValues.length; i += 2) {
      ToggleButton toggle = (ToggleButton) togglesAndValues[i];
      toggle.setUserData(togglesAndValues[i + 1]);
      toggle.setSelected(togglesAndValues[i + 1].equals(chosen));
    }
  }

  private static void onChoice(ToggleButton anyOfGroup, Consumer<Object> onChosen) {
    ToggleGroup group = anyOfGroup.getToggleGroup();
    group
        .selectedToggleProperty()
        .addListener(
            (property, before, after) -> {
              if (after == null) {
                group.selectToggle(before);
              } else {
                onChosen.accept(after.getUserData());
              }
            });
  }
}
