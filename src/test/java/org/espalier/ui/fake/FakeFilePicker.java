package org.espalier.ui.fake;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.ui.platform.FilePicker;

/** Answers with what the test put in; empty means the person changed their mind. */
public final class FakeFilePicker implements FilePicker {
  private final List<Path> shown = new ArrayList<>();
  private Optional<Path> folder = Optional.empty();
  private Optional<Path> text = Optional.empty();
  private Optional<Path> file = Optional.empty();

  public void willPickFolder(Path path) {
    folder = Optional.of(path);
  }

  public void willPickText(Path path) {
    text = Optional.of(path);
  }

  public void willPickFile(Path path) {
    file = Optional.of(path);
  }

  /** Pages and folders that were shown, in order. */
  public List<Path> shown() {
    return shown;
  }

  @Override
  public void show(Path pageOrFolder) {
    shown.add(pageOrFolder);
  }

  @Override
  public Optional<Path> pickFile(String title, List<String> kinds) {
    return file;
  }

  @Override
  public Optional<Path> pickNewFile(String title, String name, List<String> kinds) {
    return file;
  }

  @Override
  public Optional<Path> pickFolder(String title) {
    return folder;
  }

  @Override
  public Optional<Path> pickText(String title) {
    return text;
  }
}
