package org.espalier.workspace;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the texts lie that runs were calibrated on. A plan names its text only, so that it says the
 * same when a file moves; whoever prunes again needs the file.
 */
public final class TextPlaces {
  private static final String KIND = "place";

  private final ResultCache files;

  TextPlaces(ResultCache files) {
    this.files = files;
  }

  /**
   * Keeps a place; of several, the last one.
   *
   * @param content what the plan says of the text
   */
  public void keep(String content, Path file) {
    String place = file.toAbsolutePath().normalize().toString();
    if (!files.find(KIND, content, String.class).equals(Optional.of(place))) {
      files.store(KIND, content, place);
    }
  }

  /** Where the content was last seen. */
  public Optional<Path> find(String content) {
    return files.find(KIND, content, String.class).map(Path::of);
  }
}
