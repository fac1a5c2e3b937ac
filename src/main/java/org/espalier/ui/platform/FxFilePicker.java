package org.espalier.ui.platform;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.stage.DirectoryChooser;
import javafx.stage.FileChooser;
import javafx.stage.Window;

/** The system's own dialogs. */
public final class FxFilePicker implements FilePicker {
  private final Messages messages;
  private final Supplier<Window> owner;

  public FxFilePicker(Messages messages, Supplier<Window> owner) {
    this.messages = messages;
    this.owner = owner;
  }

  @Override
  public Optional<Path> pickFolder(String title) {
    DirectoryChooser chooser = new DirectoryChooser();
    chooser.setTitle(title);
    return Optional.ofNullable(chooser.showDialog(owner.get())).map(File::toPath);
  }

  @Override
  public Optional<Path> pickText(String title) {
    FileChooser chooser = new FileChooser();
    chooser.setTitle(title);
    chooser
        .getExtensionFilters()
        .addAll(
            new FileChooser.ExtensionFilter(
                messages.text("picker.texts"), "*.txt", "*.raw", "*.jsonl", "*.json", "*.md"),
            new FileChooser.ExtensionFilter(messages.text("picker.all"), "*"));
    return Optional.ofNullable(chooser.showOpenDialog(owner.get())).map(File::toPath);
  }
}
