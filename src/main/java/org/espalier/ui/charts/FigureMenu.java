package org.espalier.ui.charts;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.embed.swing.SwingFXUtils;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import org.espalier.report.Figure;
import org.espalier.report.FigureFormat;
import org.espalier.report.FigureWriter;
import org.espalier.ui.platform.Messages;

/** What can be done with a figure: a file of every kind, its picture and its numbers copied. */
public final class FigureMenu {
  private static final double COPY_SCALE = 2;

  private FigureMenu() {}

  /**
   * The entries of the menu.
   *
   * @param ids beginning of every entry's id
   * @param save asks where and writes
   * @param figure to copy; empty after a sentence why there is none
   */
  public static List<MenuItem> items(
      String ids,
      Consumer<FigureFormat> save,
      Supplier<Optional<Figure>> figure,
      Messages messages) {
    List<MenuItem> items = new ArrayList<>();
    for (FigureFormat format : FigureFormat.values()) {
      MenuItem item = new MenuItem(messages.text("chart.save." + format));
      item.setId(ids + "-" + format.extension());
      item.setOnAction(event -> save.accept(format));
      items.add(item);
    }
    MenuItem picture = new MenuItem(messages.text("chart.copyPicture"));
    picture.setId(ids + "-copy");
    picture.setOnAction(event -> figure.get().ifPresent(FigureMenu::copyPicture));
    MenuItem table = new MenuItem(messages.text("chart.copyTable"));
    table.setId(ids + "-copy-table");
    table.setOnAction(event -> figure.get().ifPresent(shown -> copy(shown.table().toCsv())));
    items.addAll(List.of(new SeparatorMenuItem(), picture, table));
    return items;
  }

  /** The picture for programs that take pictures, its numbers for the others. */
  public static void copyPicture(Figure figure) {
    ClipboardContent content = new ClipboardContent();
    content.putImage(SwingFXUtils.toFXImage(FigureWriter.image(figure, COPY_SCALE), null));
    content.putString(figure.table().toCsv());
    Clipboard.getSystemClipboard().setContent(content);
  }

  /** Words or numbers. */
  public static void copy(String text) {
    ClipboardContent content = new ClipboardContent();
    content.putString(text);
    Clipboard.getSystemClipboard().setContent(content);
  }
}
