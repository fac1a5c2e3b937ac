package org.espalier.ui.compare;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.espalier.report.ComparisonReport;
import org.espalier.report.chart.ChartFigure;
import org.espalier.report.chart.ChartStyle;
import org.espalier.ui.platform.FilePicker;
import org.espalier.ui.session.Sheets;
import org.espalier.ui.session.Sheets.Sheet;
import org.espalier.workbench.ComparisonRequest;
import org.espalier.workbench.ComparisonResult;
import org.espalier.workbench.ComparisonRow;

/** The newest finished comparison of methods: its table, its pictures, and its page outside. */
public final class ReportViewModel {
  /**
   * A finished comparison.
   *
   * @param model name of the dense model
   */
  public record Compared(String model, ComparisonRequest request, ComparisonResult result) {}

  private final FilePicker desktop;
  private final Sheets sheets;
  private final ReadOnlyObjectWrapper<Optional<Compared>> newest =
      new ReadOnlyObjectWrapper<>(Optional.empty());

  public ReportViewModel(FilePicker desktop, Sheets sheets) {
    this.desktop = desktop;
    this.sheets = sheets;
  }

  public ReadOnlyObjectProperty<Optional<Compared>> newest() {
    return newest.getReadOnlyProperty();
  }

  /** Takes a finished comparison and shows it, unless the person is at another sheet. */
  void take(Compared compared) {
    newest.set(Optional.of(compared));
    if (sheets.open().get() == Sheet.NONE) {
      show();
    }
  }

  /** Shows the newest comparison. */
  public void show() {
    sheets.open().set(Sheet.REPORT);
  }

  /** Perplexity against what is removed, and against speed where that was measured. */
  public List<ChartFigure> pictures(ChartStyle style) {
    return newest
        .get()
        .map(ReportViewModel::report)
        .map(
            report ->
                Stream.of(report.tradeOff(style), report.speedTradeOff(style))
                    .flatMap(Optional::stream)
                    .toList())
        .orElse(List.of());
  }

  /** Opens the report with the system's own program for pages. */
  public void openReport() {
    newest.get().ifPresent(compared -> desktop.show(compared.result().report()));
  }

  /** Shows the folder with the report, its table and its pictures. */
  public void showFolder() {
    newest.get().ifPresent(compared -> desktop.show(compared.result().report().getParent()));
  }

  private static ComparisonReport report(Compared compared) {
    return new ComparisonReport(
        compared.request().title(),
        compared.model(),
        compared.request().explanation(),
        "",
        compared.result().dense(),
        compared.request().baseline(),
        compared.result().rows().stream().map(ComparisonRow::reported).toList(),
        compared.result().failures());
  }
}
