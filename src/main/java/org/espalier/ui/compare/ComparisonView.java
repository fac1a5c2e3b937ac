package org.espalier.ui.compare;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javafx.beans.property.ObjectProperty;
import javafx.css.PseudoClass;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.paint.Color;
import javafx.scene.shape.Rectangle;
import javafx.stage.Stage;
import org.espalier.allocation.RatioDefinition;
import org.espalier.report.chart.ParetoChart.Across;
import org.espalier.report.comparison.ProtocolGroup;
import org.espalier.ui.charts.FigureCanvas;
import org.espalier.ui.charts.FigureMenu;
import org.espalier.ui.compare.ComparedRuns.Choice;
import org.espalier.ui.compare.ComparisonViewModel.Kind;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.platform.NamedChoice;
import org.espalier.ui.session.Sheets;
import org.espalier.ui.session.Sheets.Sheet;

/** The comparison: runs to tick on the left, one view at a time, a key for each of them. */
public final class ComparisonView {
  private static final PseudoClass DEMO = PseudoClass.getPseudoClass("demo");
  private static final int SAVED_WIDTH = 960;
  private static final int SAVED_HEIGHT = 560;

  private final ComparisonViewModel viewModel;
  private final ComparedRuns runs;
  private final AgreementViewModel agreement;
  private final ContinuationsViewModel continuations;
  private final Sheets sheets;
  private final Messages messages;
  private final ToggleGroup views = new ToggleGroup();
  private final Map<Kind, ToggleButton> buttons = new EnumMap<>(Kind.class);
  private final FigureCanvas canvas = new FigureCanvas();
  private boolean chooseLevel;
  private boolean filling;

  @FXML private VBox root;
  @FXML private Label title;
  @FXML private Label stored;
  @FXML private HBox segments;
  @FXML private Pane choices;
  @FXML private ComboBox<RatioDefinition> ratio;
  @FXML private ComboBox<Integer> level;
  @FXML private ComboBox<ProtocolGroup> protocol;
  @FXML private ComboBox<Across> across;
  @FXML private Button measure;
  @FXML private MenuButton take;
  @FXML private Pane frame;
  @FXML private Label empty;
  @FXML private Node texts;
  @FXML private Node table;
  @FXML private Label notes;
  @FXML private ScrollPane noteFrame;
  @FXML private Label keys;
  @FXML private ComparisonTableView tableController;

  public ComparisonView(
      ComparisonViewModel viewModel,
      ComparedRuns runs,
      AgreementViewModel agreement,
      ContinuationsViewModel continuations,
      Sheets sheets,
      Messages messages) {
    this.viewModel = viewModel;
    this.runs = runs;
    this.agreement = agreement;
    this.continuations = continuations;
    this.sheets = sheets;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    frame.getChildren().add(0, canvas);
    for (Kind kind : Kind.values()) {
      ToggleButton button = new ToggleButton(messages.text("comparison.kind." + kind));
      button.setId("compare-" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-'));
      button.getStyleClass().add("segment");
      button.setMinWidth(Region.USE_PREF_SIZE);
      button.setToggleGroup(views);
      button.setUserData(kind);
      button.setTooltip(new Tooltip(messages.text("comparison.key", kind.key(), button.getText())));
      buttons.put(kind, button);
      segments.getChildren().add(button);
    }
    views
        .selectedToggleProperty()
        .addListener(
            (property, before, after) -> {
              if (after == null) {
                views.selectToggle(before);
              } else {
                viewModel.kind().set((Kind) after.getUserData());
              }
            });
    fill(ratio, viewModel.ratio(), "comparison.ratio", definition -> "ratio.of." + definition);
    ratio.getItems().setAll(RatioDefinition.values());
    fill(across, viewModel.across(), "comparison.across", place -> "comparison.across." + place);
    across.getItems().setAll(Across.values());
    level.setPromptText(messages.text("comparison.allRatios"));
    level.setConverter(
        new NamedChoice<>(
            percent ->
                percent == null
                    ? messages.text("comparison.allRatios")
                    : messages.text("comparison.level", percent)));
    level
        .valueProperty()
        .addListener(
            (property, before, after) -> {
              if (!filling) {
                viewModel.level().set(after);
              }
            });
    protocol.setConverter(
        new NamedChoice<>(
            known ->
                known == null
                    ? messages.text("comparison.noProtocol")
                    : messages.text(
                        "comparison.protocolChoice",
                        known.members().size(),
                        known.protocol().description())));
    protocol
        .valueProperty()
        .addListener(
            (property, before, after) -> {
              if (!filling && after != null) {
                viewModel.group().set(after);
              }
            });
    noteFrame.prefHeightProperty().bind(notes.heightProperty().add(2));
    measure.disableProperty().bind(agreement.measuring());
    agreement
        .measuring()
        .addListener(
            (property, before, after) ->
                measure.setText(
                    messages.text(after ? "comparison.measuring" : "comparison.measure")));
    viewModel.revision().addListener((property, before, after) -> show());
    sheets.open().addListener((property, before, after) -> opened(before, after));
    root.addEventHandler(KeyEvent.KEY_PRESSED, this::key);
    show();
  }

  private <T> void fill(
      ComboBox<T> box, ObjectProperty<T> value, String accessible, Function<T, String> key) {
    box.setConverter(new NamedChoice<>(one -> messages.text(key.apply(one))));
    box.setAccessibleText(messages.text(accessible));
    box.valueProperty().bindBidirectional(value);
  }

  private boolean isDemo() {
    return sheets.open().get() == Sheet.DEMO;
  }

  private void opened(Sheet before, Sheet after) {
    boolean demo = after == Sheet.DEMO;
    root.pseudoClassStateChanged(DEMO, demo);
    root.lookupAll(".for-desk").forEach(node -> only(node, !demo));
    if (before == Sheet.DEMO || demo) {
      chooseLevel = demo;
      fullScreen(demo);
    }
    if (demo || after == Sheet.COMPARISON) {
      show();
    }
  }

  /** Escape leaves the demo by closing the sheet, so the toolkit's own way out is not needed. */
  private void fullScreen(boolean on) {
    if (root.getScene() != null && root.getScene().getWindow() instanceof Stage stage) {
      stage.setFullScreenExitHint("");
      stage.setFullScreenExitKeyCombination(KeyCombination.NO_MATCH);
      stage.setFullScreen(on);
    }
  }

  private void key(KeyEvent event) {
    if (event.getTarget() instanceof TextInputControl
        || event.isControlDown()
        || event.isAltDown()
        || event.isMetaDown()) {
      return;
    }
    Kind now = viewModel.kind().get();
    Optional<Kind> wanted =
        event.getCode() == KeyCode.PAGE_DOWN
            ? Optional.of(now.next(1))
            : event.getCode() == KeyCode.PAGE_UP
                ? Optional.of(now.next(-1))
                : digit(event.getCode()).flatMap(Kind::ofKey);
    wanted.ifPresent(
        kind -> {
          viewModel.kind().set(kind);
          event.consume();
        });
  }

  /** Of the row above the letters and of the key pad, whose names end in the digit. */
  private static Optional<Integer> digit(KeyCode code) {
    String name = code.getName();
    return code.isDigitKey()
        ? Optional.of(Character.digit(name.charAt(name.length() - 1), 10))
        : Optional.empty();
  }

  private void show() {
    if (!sheets.open().get().equals(Sheet.COMPARISON) && !isDemo()) {
      return;
    }
    if (chooseLevel && !viewModel.levels().isEmpty()) {
      chooseLevel = false;
      viewModel.chooseFullestLevel();
    }
    Kind kind = viewModel.kind().get();
    views.selectToggle(buttons.get(kind));
    stored.setText(viewModel.storedNote());
    fillBoxes();
    showChoices();
    only(protocol, kind == Kind.QUALITY || kind == Kind.TRADE_OFF);
    only(level, kind != Kind.QUALITY && kind != Kind.AGREEMENT);
    only(across, kind == Kind.TRADE_OFF);
    only(measure, kind == Kind.AGREEMENT);
    String nothing = viewModel.emptyNote();
    empty.setText(nothing);
    empty.setVisible(!nothing.isEmpty());
    boolean something = nothing.isEmpty();
    texts.setVisible(something && kind == Kind.TEXT);
    table.setVisible(something && kind == Kind.TABLE);
    boolean drawn = something && kind != Kind.TEXT && kind != Kind.TABLE;
    // Pictures bear their own titles.
    title.setText(
        !isDemo()
            ? messages.text("comparison.compare")
            : drawn ? "" : messages.text("comparison.title." + titleKey(kind)));
    canvas.setVisible(drawn);
    canvas.setAccessibleText(String.join(" ", viewModel.notes()));
    if (drawn) {
      canvas.show(viewModel::figure);
    }
    if (table.isVisible()) {
      tableController.show(viewModel.tables());
    }
    take.getItems()
        .setAll(
            kind == Kind.TABLE
                ? tableController.items(
                    saving -> viewModel.saveTables(saving.tables(), saving.form()))
                : FigureMenu.items(
                    "comparison",
                    format -> viewModel.save(format, SAVED_WIDTH, SAVED_HEIGHT),
                    () -> viewModel.figureOrNotice(SAVED_WIDTH, SAVED_HEIGHT),
                    messages));
    only(take, kind != Kind.TEXT && !isDemo());
    List<String> sentences = viewModel.notes();
    notes.setText(String.join("\n", sentences));
    only(noteFrame, !sentences.isEmpty() && something);
    keys.setText(footer());
    if (isDemo() && kind == Kind.TEXT && something) {
      continuations.startOnce();
    }
  }

  private static String titleKey(Kind kind) {
    return kind == Kind.TRADE_OFF ? kind + ".SPEED" : kind.toString();
  }

  private String footer() {
    StringBuilder line = new StringBuilder();
    for (Kind kind : Kind.values()) {
      line.append(kind.key())
          .append(' ')
          .append(messages.text("comparison.kind." + kind))
          .append("    ");
    }
    return line.append(messages.text(isDemo() ? "comparison.leave" : "comparison.close"))
        .toString();
  }

  private void fillBoxes() {
    filling = true;
    try {
      List<Integer> levels = new ArrayList<>();
      levels.add(null);
      levels.addAll(viewModel.levels());
      if (!level.getItems().equals(levels)) {
        level.getItems().setAll(levels);
      }
      level.setValue(viewModel.level().get());
      if (!protocol.getItems().equals(viewModel.groups())) {
        protocol.getItems().setAll(viewModel.groups());
      }
      protocol.setValue(viewModel.group().get());
    } finally {
      filling = false;
    }
  }

  private void showChoices() {
    List<Node> lines = new ArrayList<>();
    boolean headed = false;
    for (Choice choice : runs.choices()) {
      if (choice.stored() && !headed) {
        headed = true;
        Label heading = new Label(viewModel.storedHeading());
        heading.getStyleClass().add("stored-note");
        heading.setWrapText(true);
        lines.add(heading);
      }
      lines.add(line(choice));
    }
    choices.getChildren().setAll(lines);
  }

  private Node line(Choice choice) {
    java.awt.Color colour = viewModel.colour(choice.run());
    Rectangle swatch = new Rectangle(9, 9, paint(colour));
    swatch.setArcWidth(3);
    swatch.setArcHeight(3);
    CheckBox tick = new CheckBox(choice.run().name());
    tick.setMnemonicParsing(false);
    tick.setId("compare-run-" + choice.run().id());
    tick.setGraphic(swatch);
    tick.selectedProperty().bindBidirectional(choice.chosen());
    if (choice.stored()) {
      tick.getStyleClass().add("stored");
      tick.setAccessibleText(messages.text("comparison.storedRun", choice.run().name()));
      tick.setTooltip(new Tooltip(messages.text("comparison.storedExplained")));
    }
    return tick;
  }

  private static Color paint(java.awt.Color colour) {
    return Color.rgb(colour.getRed(), colour.getGreen(), colour.getBlue());
  }

  private static void only(Node node, boolean shown) {
    node.setVisible(shown);
    node.setManaged(shown);
  }

  @FXML
  private void measure() {
    viewModel.measureAgreement();
  }

  @FXML
  private void all() {
    runs.choices().forEach(choice -> choice.chosen().set(true));
  }

  @FXML
  private void none() {
    runs.choices().forEach(choice -> choice.chosen().set(false));
  }

  @FXML
  private void demonstrate() {
    viewModel.demonstrate();
  }

  @FXML
  private void close() {
    sheets.close();
  }
}
