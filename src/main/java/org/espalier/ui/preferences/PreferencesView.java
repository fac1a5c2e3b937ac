package org.espalier.ui.preferences;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javafx.beans.property.Property;
import javafx.collections.ListChangeListener;
import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.Toggle;
import javafx.scene.control.ToggleGroup;
import org.espalier.report.heatmap.ColourMap;
import org.espalier.ui.platform.FilePicker;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.Sheets;
import org.espalier.workbench.DeviceOption;
import org.espalier.workspace.WorkspaceFolder;

/** Sheet with the settings. */
public final class PreferencesView {
  private final PreferencesViewModel viewModel;
  private final DeviceChoice devices;
  private final Sheets sheets;
  private final FilePicker picker;
  private final Messages messages;

  @FXML private ToggleGroup themes;
  @FXML private Toggle system;
  @FXML private Toggle light;
  @FXML private Toggle dark;
  @FXML private Toggle contrast;
  @FXML private ComboBox<Optional<ColourMap>> colourMap;
  @FXML private ToggleGroup sizes;
  @FXML private Toggle small;
  @FXML private Toggle normal;
  @FXML private Toggle large;
  @FXML private ComboBox<DeviceOption> device;
  @FXML private ComboBox<Integer> threads;
  @FXML private CheckBox measuresNewRuns;
  @FXML private Button workspace;
  @FXML private Hyperlink usualWorkspace;
  @FXML private Label workspaceNote;

  public PreferencesView(
      PreferencesViewModel viewModel,
      DeviceChoice devices,
      Sheets sheets,
      FilePicker picker,
      Messages messages) {
    this.viewModel = viewModel;
    this.devices = devices;
    this.sheets = sheets;
    this.picker = picker;
    this.messages = messages;
  }

  @FXML
  private void initialize() {
    system.setUserData(Optional.empty());
    light.setUserData(Optional.of(Theme.LIGHT));
    dark.setUserData(Optional.of(Theme.DARK));
    contrast.setUserData(Optional.of(Theme.CONTRAST));
    join(themes, viewModel.chosenTheme());
    small.setUserData(TextSize.SMALL);
    normal.setUserData(TextSize.NORMAL);
    large.setUserData(TextSize.LARGE);
    join(sizes, viewModel.textSize());

    colourMap
        .getItems()
        .setAll(
            Stream.concat(
                    Stream.of(Optional.<ColourMap>empty()),
                    Arrays.stream(ColourMap.values()).map(Optional::of))
                .toList());
    lines(
        colourMap,
        map -> messages.text("preferences.colourMap." + map.map(Enum::name).orElse("THEME")),
        map -> false);
    colourMap.valueProperty().bindBidirectional(viewModel.colourMap());

    threads
        .getItems()
        .setAll(
            IntStream.rangeClosed(0, Runtime.getRuntime().availableProcessors()).boxed().toList());
    lines(
        threads,
        count ->
            count == 0
                ? messages.text("preferences.threadsAll")
                : messages.text("preferences.threadsSome", count),
        count -> false);
    threads.valueProperty().bindBidirectional(viewModel.threads());

    measuresNewRuns.selectedProperty().bindBidirectional(viewModel.measuresNewRuns());
    lines(device, devices::describe, option -> !option.available());
    devices.devices().addListener((ListChangeListener<DeviceOption>) change -> showDevices());
    sheets.open().addListener((property, before, after) -> showDevices());
    showDevices();
    device
        .valueProperty()
        .addListener(
            (property, before, chosen) -> {
              if (chosen != null && chosen.available()) {
                devices.choose(chosen);
              }
            });

    viewModel.workspace().addListener((property, before, after) -> showWorkspace(true));
    showWorkspace(false);
  }

  private void showDevices() {
    if (!device.getItems().equals(devices.devices())) {
      device.getItems().setAll(devices.devices());
    }
    device.setDisable(device.getItems().isEmpty());
    devices.devices().stream()
        .filter(option -> option.name().equals(devices.device()))
        .findFirst()
        .ifPresent(device::setValue);
  }

  private void showWorkspace(boolean changed) {
    Path folder = viewModel.workspace().get().orElseGet(WorkspaceFolder::standard);
    workspace.setText(folder.toString());
    usualWorkspace.setVisible(viewModel.workspace().get().isPresent());
    workspaceNote.setText(
        messages.text(changed ? "preferences.workspaceChanged" : "preferences.workspaceNote"));
  }

  @FXML
  private void chooseWorkspace() {
    picker
        .pickFolder(messages.text("preferences.pickWorkspace"))
        .ifPresent(folder -> viewModel.workspace().set(Optional.of(folder)));
  }

  @FXML
  private void useUsualWorkspace() {
    viewModel.workspace().set(Optional.empty());
  }

  @FXML
  private void about() {
    sheets.open().set(Sheets.Sheet.ABOUT);
  }

  @FXML
  private void close() {
    sheets.close();
  }

  /** Keeps a group of toggles, which bear their values, and a property the same. */
  @SuppressWarnings("unchecked")
  private static <T> void join(ToggleGroup group, Property<T> property) {
    Runnable show =
        () ->
            group.getToggles().stream()
                .filter(toggle -> toggle.getUserData().equals(property.getValue()))
                .findFirst()
                .ifPresent(group::selectToggle);
    show.run();
    property.addListener((observed, before, after) -> show.run());
    group
        .selectedToggleProperty()
        .addListener(
            (observed, before, after) -> {
              if (after != null) {
                property.setValue((T) after.getUserData());
              }
            });
  }

  private static <T> void lines(
      ComboBox<T> box, Function<T, String> words, Function<T, Boolean> unavailable) {
    box.setCellFactory(view -> new Line<>(words, unavailable));
    box.setButtonCell(new Line<>(words, value -> false));
  }

  /** A choice in words. */
  private static final class Line<T> extends ListCell<T> {
    private final Function<T, String> words;
    private final Function<T, Boolean> unavailable;

    Line(Function<T, String> words, Function<T, Boolean> unavailable) {
      this.words = words;
      this.unavailable = unavailable;
    }

    @Override
    protected void updateItem(T item, boolean empty) {
      super.updateItem(item, empty);
      setText(empty || item == null ? "" : words.apply(item));
      setDisable(!empty && item != null && unavailable.apply(item));
    }
  }
}
