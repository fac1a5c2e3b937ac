package org.espalier.ui;

import java.io.File;
import java.util.Arrays;
import javafx.beans.value.ChangeListener;
import javafx.beans.value.ObservableValue;
import javafx.collections.ListChangeListener;
import javafx.css.PseudoClass;
import javafx.fxml.FXML;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.input.DragEvent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.espalier.ui.allocation.Draft;
import org.espalier.ui.allocation.TargetViewModel;
import org.espalier.ui.platform.Icon;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Notices.Offer;
import org.espalier.ui.session.Sheets;
import org.espalier.ui.session.Sheets.Sheet;
import org.espalier.ui.start.ModelFolders;

/** The whole window: panels, sentences about what went wrong, and the sheet on top. */
public final class MainView {
  private static final KeyCombination UNDO =
      new KeyCodeCombination(KeyCode.Z, KeyCombination.SHORTCUT_DOWN);
  private static final KeyCombination REDO =
      new KeyCodeCombination(KeyCode.Z, KeyCombination.SHORTCUT_DOWN, KeyCombination.SHIFT_DOWN);
  private static final KeyCombination REDO_TOO =
      new KeyCodeCombination(KeyCode.Y, KeyCombination.SHORTCUT_DOWN);

  /** What the side columns take of a wide window. */
  private static final double LEFT_SHARE = 0.13;

  private static final double RIGHT_SHARE = 0.2;

  private final Notices notices;
  private final TargetViewModel target;
  private final Draft draft;
  private final Sheets sheets;
  private final ModelFolders folders;
  private final Messages messages;

  @FXML private StackPane root;
  @FXML private BorderPane window;
  @FXML private VBox noticeList;
  @FXML private StackPane cover;
  @FXML private Node evaluation;
  @FXML private Node export;
  @FXML private Node recovery;
  @FXML private Node preferences;
  @FXML private Node about;
  @FXML private Node trial;
  @FXML private Node race;
  @FXML private Node report;
  @FXML private Node hub;
  @FXML private Node comparison;
  @FXML private Node jobLog;
  @FXML private Node closing;
  @FXML private Node trash;
  @FXML private SplitPane columns;
  @FXML private Node search;
  @FXML private Node predictionPanel;

  public MainView(
      Notices notices,
      TargetViewModel target,
      Draft draft,
      Sheets sheets,
      ModelFolders folders,
      Messages messages) {
    this.notices = notices;
    this.target = target;
    this.draft = draft;
    this.sheets = sheets;
    this.folders = folders;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    // A search settles the allocation itself; its charts need the room.
    predictionPanel.visibleProperty().bind(search.visibleProperty().not());
    predictionPanel.managedProperty().bind(predictionPanel.visibleProperty());
    notices.sentences().addListener((ListChangeListener<String>) change -> showNotices());
    notices.offers().addListener((ListChangeListener<Offer>) change -> showNotices());
    target.problem().addListener((property, before, after) -> showNotices());
    target.suggestion().addListener((property, before, after) -> showNotices());
    showNotices();
    setUpColumns();
    sheets.open().addListener((property, before, after) -> open(after));
    show(sheets.open().get());
    root.addEventFilter(KeyEvent.KEY_PRESSED, this::shortcut);
    root.setOnDragOver(this::dragOver);
    root.setOnDragDropped(this::dropped);
  }

  /**
   * The side columns begin at the widths that they are made for, wider in a wide window, unless a
   * session has put them somewhere else before the window is laid out, and keep theirs from then
   * on.
   */
  private void setUpColumns() {
    double[] untouched = columns.getDividerPositions();
    columns
        .widthProperty()
        .addListener(
            new ChangeListener<>() {
              @Override
              public void changed(
                  ObservableValue<? extends Number> property, Number before, Number width) {
                if (width.doubleValue() > 0) {
                  property.removeListener(this);
                  if (!Arrays.equals(untouched, columns.getDividerPositions())) {
                    return;
                  }
                  double left = begins(0, width.doubleValue() * LEFT_SHARE);
                  double right = begins(2, width.doubleValue() * RIGHT_SHARE);
                  columns.setDividerPositions(
                      left / width.doubleValue(), 1 - right / width.doubleValue());
                }
              }
            });
  }

  private double begins(int column, double wide) {
    return Math.max(wide, ((Region) columns.getItems().get(column)).prefWidth(-1));
  }

  private void showNotices() {
    noticeList.getChildren().clear();
    String problem = target.problem().get();
    if (!problem.isEmpty()) {
      Hyperlink way = new Hyperlink(target.suggestion().get());
      way.setId("use-nearest");
      way.setMinWidth(Region.USE_PREF_SIZE);
      way.setOnAction(event -> target.useNearest());
      way.setVisible(!target.suggestion().get().isEmpty());
      noticeList.getChildren().add(notice(problem, way));
    }
    for (Offer offer : notices.offers()) {
      Hyperlink action = new Hyperlink(offer.action());
      action.setId("take-offer");
      action.setMinWidth(Region.USE_PREF_SIZE);
      action.setOnAction(
          event -> {
            notices.withdraw(offer);
            offer.work().run();
          });
      Button dismiss =
          dismissal(
              () -> {
                notices.withdraw(offer);
                offer.dismissal().run();
              });
      dismiss.setId("dismiss-offer");
      HBox actions = new HBox(6, action, dismiss);
      actions.setAlignment(Pos.CENTER_RIGHT);
      noticeList.getChildren().add(notice(offer.sentence(), actions));
    }
    for (String sentence : notices.sentences()) {
      Button dismiss = dismissal(() -> notices.dismiss(sentence));
      dismiss.setId("dismiss-notice");
      noticeList.getChildren().add(notice(sentence, dismiss));
    }
    boolean any = !noticeList.getChildren().isEmpty();
    noticeList.setVisible(any);
    noticeList.setManaged(any);
  }

  private Button dismissal(Runnable work) {
    Button dismiss = new Button();
    dismiss.setGraphic(Icon.CLOSE.node(10));
    dismiss.getStyleClass().add("quiet-button");
    dismiss.setAccessibleText(messages.text("notice.dismiss"));
    dismiss.setOnAction(event -> work.run());
    return dismiss;
  }

  private static Node notice(String sentence, Node action) {
    Label label = new Label(sentence);
    label.setWrapText(true);
    label.setMinWidth(0);
    Region space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    HBox.setHgrow(label, Priority.SOMETIMES);
    HBox line = new HBox(10, label, space, action);
    line.getStyleClass().add("notice");
    return line;
  }

  private void show(Sheet sheet) {
    cover.setVisible(sheet != Sheet.NONE);
    window.pseudoClassStateChanged(PseudoClass.getPseudoClass("covered"), sheet != Sheet.NONE);
    show(evaluation, sheet == Sheet.EVALUATION);
    show(export, sheet == Sheet.EXPORT);
    show(recovery, sheet == Sheet.RECOVERY);
    show(preferences, sheet == Sheet.PREFERENCES);
    show(about, sheet == Sheet.ABOUT);
    show(trial, sheet == Sheet.TRIAL);
    show(race, sheet == Sheet.RACE);
    show(report, sheet == Sheet.REPORT);
    show(hub, sheet == Sheet.HUB);
    show(comparison, sheet == Sheet.COMPARISON || sheet == Sheet.DEMO);
    cover.pseudoClassStateChanged(
        PseudoClass.getPseudoClass("whole"), sheet == Sheet.COMPARISON || sheet == Sheet.DEMO);
    cover.pseudoClassStateChanged(PseudoClass.getPseudoClass("demo"), sheet == Sheet.DEMO);
    show(jobLog, sheet == Sheet.JOB_LOG);
    show(closing, sheet == Sheet.CLOSING);
    show(trash, sheet == Sheet.TRASH);
  }

  /** Shows a sheet, or the window alone, and gives it the keyboard. */
  private void open(Sheet sheet) {
    show(sheet);
    if (sheet == Sheet.NONE) {
      window.lookup("#espalier").requestFocus();
    } else {
      Node shown =
          switch (sheet) {
            case EVALUATION -> evaluation;
            case EXPORT -> export;
            case ABOUT -> about;
            case TRIAL -> trial;
            case RACE -> race;
            case REPORT -> report;
            case RECOVERY -> recovery;
            case COMPARISON, DEMO -> comparison;
            case HUB -> hub.lookup("#hub-model");
            case JOB_LOG -> jobLog.lookup("#job-log");
            case CLOSING -> closing.lookup("#closing-wait");
            case TRASH -> trash.lookup("#deleted-runs");
            default -> preferences;
          };
      shown.requestFocus();
    }
  }

  private static void show(Node sheet, boolean visible) {
    sheet.setVisible(visible);
    sheet.setManaged(visible);
  }

  private void shortcut(KeyEvent event) {
    if (event.getCode() == KeyCode.ESCAPE && sheets.open().get() != Sheet.NONE) {
      sheets.close();
      event.consume();
    } else if (event.getCode() == KeyCode.F9) {
      sheets.open().set(Sheet.COMPARISON);
      event.consume();
    } else if (event.getCode() == KeyCode.F11) {
      sheets.open().set(Sheet.DEMO);
      event.consume();
    } else if (UNDO.match(event)) {
      draft.undo();
      event.consume();
    } else if (REDO.match(event) || REDO_TOO.match(event)) {
      draft.redo();
      event.consume();
    }
  }

  private void dragOver(DragEvent event) {
    if (event.getDragboard().hasFiles()) {
      event.acceptTransferModes(TransferMode.COPY);
      event.consume();
    }
  }

  private void dropped(DragEvent event) {
    boolean any = event.getDragboard().hasFiles();
    if (any) {
      folders.openDropped(event.getDragboard().getFiles().stream().map(File::toPath).toList());
    }
    event.setDropCompleted(any);
    event.consume();
  }
}
