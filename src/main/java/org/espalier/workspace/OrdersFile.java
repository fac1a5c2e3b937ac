package org.espalier.workspace;

import java.nio.file.Files;
import java.nio.file.Path;
import org.espalier.task.EspalierException;

/** How {@link Orders} are written: {@code orders.json} in the folder of the run. */
final class OrdersFile {
  private static final String NAME = "orders.json";
  private static final int FORMAT = 1;

  private OrdersFile() {}

  private record Content(int format, Orders orders) {}

  /** A file that is missing or cannot be read leaves numbers without a way to repeat them. */
  static Orders read(Path run) {
    Path file = run.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      return Orders.NONE;
    }
    try {
      Content content = JsonFile.read(file, Content.class);
      return content.format() == FORMAT ? content.orders() : Orders.NONE;
    } catch (EspalierException e) {
      return Orders.NONE;
    }
  }

  static void add(Path run, Orders.Order order) {
    JsonFile.write(run.resolve(NAME), new Content(FORMAT, read(run).with(order)));
  }
}
