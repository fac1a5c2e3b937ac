package org.espalier.ui.about;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Something that comes with the program.
 *
 * @param coordinates group and artifact with a colon between them
 * @param licence as an SPDX expression
 * @param home address of its page, empty for the program itself
 */
record Library(String coordinates, String version, String name, String licence, String home) {
  private static final String LIST = "/about/libraries.tsv";

  /** The program itself first, then its typeface and all libraries. */
  static List<Library> all() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Library.class.getResourceAsStream(LIST), StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.startsWith("#") && !line.isBlank())
          .map(line -> line.split("\t", -1))
          .map(part -> new Library(part[0], part[1], part[2], part[3], part[4]))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the program's own list of libraries cannot be read", e);
    }
  }
}
