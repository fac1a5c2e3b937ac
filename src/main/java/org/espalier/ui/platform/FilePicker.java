package org.espalier.ui.platform;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Files outside of the window: asks the person for one (empty when they changed their mind), or
 * shows one.
 */
public interface FilePicker {
  Optional<Path> pickFolder(String title);

  /** Plain text, JSONL or ready token windows. */
  Optional<Path> pickText(String title);

  /** A file that exists, of one of these kinds ("json"). */
  Optional<Path> pickFile(String title, List<String> kinds);

  /**
   * A place for a new file; the person has agreed if it exists already.
   *
   * @param name suggested, with the ending of its kind
   * @param kinds endings without a dot, the usual one first
   */
  Optional<Path> pickNewFile(String title, String name, List<String> kinds);

  /** Shows a page or a folder with the program that the system has for it. */
  void show(Path pageOrFolder);
}
