package org.espalier.ui.export;

import javafx.beans.binding.Bindings;
import javafx.css.PseudoClass;
import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.VBox;
import org.espalier.export.WeightFormat;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.platform.NamedChoice;
import org.espalier.ui.session.Sheets;
import org.espalier.workbench.ExportSummary;
import org.espalier.workbench.ExportTargetDescription;
import org.espalier.workspace.Run;

/** Sheet that asks where to export to, and shows the result with its proof. */
public final class ExportView {
  private static final PseudoClass MADE = PseudoClass.getPseudoClass("made");

  private final ExportViewModel viewModel;
  private final Sheets sheets;
  private final Messages messages;

  @FXML private ComboBox<Run> run;
  @FXML private ComboBox<ExportTargetDescription> target;
  @FXML private Label about;
  @FXML private Label refusal;
  @FXML private ComboBox<WeightFormat> format;
  @FXML private Label size;
  @FXML private Label space;
  @FXML private Label folder;
  @FXML private CheckBox overwrite;
  @FXML private Label failure;
  @FXML private Label proof;
  @FXML private VBox loading;
  @FXML private TextArea snippet;
  @FXML private Button export;
  @FXML private Button open;
  @FXML private Button close;

  public ExportView(ExportViewModel viewModel, Sheets sheets, Messages messages) {
    this.viewModel = viewModel;
    this.sheets = sheets;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    run.setConverter(new NamedChoice<>(Run::name));
    target.setConverter(new NamedChoice<>(ExportTargetDescription::title));
    target.getItems().setAll(viewModel.targets());
    format.setItems(viewModel.formats());
    sheets
        .open()
        .addListener(
            (property, before, after) -> {
              if (after == Sheets.Sheet.EXPORT) {
                Run chosen = viewModel.run().get();
                run.getItems().setAll(viewModel.runs());
                viewModel.run().set(chosen);
              }
            });
    run.valueProperty().bindBidirectional(viewModel.run());
    target.valueProperty().bindBidirectional(viewModel.target());
    format.valueProperty().bindBidirectional(viewModel.format());
    overwrite.selectedProperty().bindBidirectional(viewModel.overwrite());
    about
        .textProperty()
        .bind(viewModel.target().map(ExportTargetDescription::description).orElse(""));
    refusal.textProperty().bind(viewModel.refusal());
    refusal.visibleProperty().bind(viewModel.refusal().isNotEmpty());
    refusal.managedProperty().bind(refusal.visibleProperty());
    about.visibleProperty().bind(viewModel.refusal().isEmpty());
    about.managedProperty().bind(about.visibleProperty());
    size.textProperty().bind(viewModel.size());
    space.textProperty().bind(viewModel.space());
    viewModel.tooLarge().addListener((property, before, after) -> warn(after));
    folder.textProperty().bind(viewModel.folder());
    proof.textProperty().bind(viewModel.proof());
    proof.visibleProperty().bind(viewModel.proof().isNotEmpty());
    proof.managedProperty().bind(proof.visibleProperty());
    snippet.textProperty().bind(viewModel.snippet());
    loading.visibleProperty().bind(viewModel.snippet().isNotEmpty());
    loading.managedProperty().bind(loading.visibleProperty());
    failure.textProperty().bind(viewModel.failure());
    failure.visibleProperty().bind(viewModel.failure().isNotEmpty());
    failure.managedProperty().bind(failure.visibleProperty());
    export.disableProperty().bind(viewModel.exporting().or(viewModel.refusal().isNotEmpty()));
    export
        .textProperty()
        .bind(
            Bindings.when(viewModel.exporting())
                .then(messages.text("export.running"))
                .otherwise(messages.text("export.start")));
    viewModel.summary().addListener((property, before, after) -> show(after));
    show(viewModel.summary().get());
  }

  private void show(ExportSummary finished) {
    boolean done = finished != null;
    proof.pseudoClassStateChanged(MADE, done);
    boolean opensHere = done && finished.isCheckpoint();
    open.setVisible(opensHere);
    open.setManaged(opensHere);
    export.setVisible(!done);
    export.setManaged(!done);
    close.setText(messages.text(done ? "sheet.close" : "sheet.cancel"));
  }

  private void warn(boolean tooLarge) {
    space.getStyleClass().setAll("label", tooLarge ? "failure" : "quiet");
  }

  @FXML
  private void chooseFolder() {
    viewModel.chooseFolder();
  }

  @FXML
  private void start() {
    viewModel.start();
  }

  @FXML
  private void copy() {
    ClipboardContent content = new ClipboardContent();
    content.putString(snippet.getText());
    Clipboard.getSystemClipboard().setContent(content);
  }

  @FXML
  private void openResult() {
    viewModel.openResult();
  }

  @FXML
  private void cancel() {
    sheets.close();
  }
}
