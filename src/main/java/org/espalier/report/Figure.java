package org.espalier.report;

import java.awt.Graphics2D;

/** Something that can be drawn into a picture file of any kind, with its numbers as a table. */
public interface Figure {
  /** What it shows; also the title of the file. */
  String title();

  /** Width in logical pixels. */
  int width();

  /** Height in logical pixels. */
  int height();

  /** Draws it with its upper left corner at the origin, background included. */
  void draw(Graphics2D graphics);

  /** The numbers behind it. */
  Table table();
}
