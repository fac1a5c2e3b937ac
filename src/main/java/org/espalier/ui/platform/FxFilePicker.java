package org.espalier.ui.platform;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.application.HostServices;
import javafx.stage.DirectoryChooser;
import javafx.stage.FileChooser;
import javafx.stage.Window;

/** The system's own dialogs and programs. */
public final class FxFilePicker implements FilePicker {
  private final Messages messages;
  private final Supplier<Window> owner;
  private final HostServices system;

  public FxFilePicker(Messages messages, Supplier<Window> owner, HostServices system) {
    this.messages = messages;
    this.owner = owner;
    this.system = system;
  }

  @Override
  public Optional<Path> pickFolder(String title) {
    DirectoryChooser chooser = new DirectoryChooser();
    chooser.setTitle(title);
    return Optional.ofNullable(chooser.showDialog(owner.get())).map(File::toPath);
  }

  @Override
  public Optional<Path> pickText(String title) {
    FileChooser chooser = chooser(title);
    chooser
        .getExtensionFilters()
        .addAll(
            new FileChooser.ExtensionFilter(
                messages.text("picker.texts"), "*.txt", "*.raw", "*.jsonl", "*.json", "*.md"),
            new FileChooser.ExtensionFilter(messages.text("picker.all"), "*"));
    return Optional.ofNullable(chooser.showOpenDialog(owner.get())).map(File::toPath);
  }

  @Override
  public Optional<Path> pickFile(String title, List<String> kinds) {
    FileChooser chooser = chooser(title);
    List<String> patterns = kinds.stream().map(kind -> "*." + kind).toList();
    chooser
        .getExtensionFilters()
        .add(new FileChooser.ExtensionFilter(String.join(", ", patterns), patterns));
    return Optional.ofNullable(chooser.showOpenDialog(owner.get())).map(File::toPath);
  }

  @Override
  public Optional<Path> pickNewFile(String title, String name, List<String> kinds) {
    FileChooser chooser = chooser(title);
    chooser.setInitialFileName(name);
    for (String kind : kinds) {
      chooser
          .getExtensionFilters()
          .add(new FileChooser.ExtensionFilter(kind.toUpperCase(Locale.ROOT), "*." + kind));
    }
    return Optional.ofNullable(chooser.showSaveDialog(owner.get()))
        .map(file -> ended(file.toPath(), chooser.getSelectedExtensionFilter(), kinds));
  }

  @Override
  public void show(Path pageOrFolder) {
    system.showDocument(pageOrFolder.toUri().toString());
  }

  private static FileChooser chooser(String title) {
    FileChooser chooser = new FileChooser();
    chooser.setTitle(title);
    return chooser;
  }

  /** Not every system adds the ending of the chosen kind. */
  private static Path ended(Path file, FileChooser.ExtensionFilter chosen, List<String> kinds) {
    String name = file.getFileName().toString();
    if (kinds.stream().anyMatch(kind -> name.toLowerCase(Locale.ROOT).endsWith("." + kind))) {
      return file;
    }
    String ending =
        chosen == null ? "." + kinds.get(0) : chosen.getExtensions().get(0).substring(1);
    return file.resolveSibling(name + ending);
  }
}
