package org.espalier.report;

/** Kinds of files that a figure can become. */
public enum FigureFormat {
  /** Pixels, two for each logical one. */
  PNG("png"),
  /** Vectors with live text. */
  SVG("svg"),
  /** Vectors on one page of the figure's size. */
  PDF("pdf"),
  /** The numbers. */
  CSV("csv");

  private final String extension;

  FigureFormat(String extension) {
    this.extension = extension;
  }

  /** File name extension without its dot. */
  public String extension() {
    return extension;
  }
}
