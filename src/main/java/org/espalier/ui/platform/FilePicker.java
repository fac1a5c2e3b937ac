package org.espalier.ui.platform;

import java.nio.file.Path;
import java.util.Optional;

/** Asks the person for a file or a folder; empty when they changed their mind. */
public interface FilePicker {
  Optional<Path> pickFolder(String title);

  /** Plain text, JSONL or ready token windows. */
  Optional<Path> pickText(String title);
}
