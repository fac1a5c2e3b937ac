package org.espalier.ui.charts;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.ListChangeListener;
import org.espalier.evaluation.Protocol;
import org.espalier.ui.charts.Measurements.Curve;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.Session;
import org.espalier.workspace.Run;

/**
 * Which perplexity curves are drawn: the shown run's (or the one being measured), and those of the
 * dense model and the other runs of this checkpoint that were measured on the same windows.
 */
public final class PerplexityViewModel {
  /**
   * A curve with its name.
   *
   * @param colour as in the list of runs
   * @param strong true for the shown model
   */
  public record Line(String name, int colour, boolean strong, Curve curve) {}

  /**
   * Everything the chart shows.
   *
   * @param protocol what the numbers depend on, in words
   */
  public record Chart(List<Line> lines, String protocol) {}

  private static final int CURVES_AT_MOST = 4;

  private final Session session;
  private final Measurements measurements;
  private final Messages messages;
  private final ReadOnlyObjectWrapper<Chart> chart =
      new ReadOnlyObjectWrapper<>(new Chart(List.of(), ""));

  public PerplexityViewModel(Session session, Measurements measurements, Messages messages) {
    this.session = session;
    this.measurements = measurements;
    this.messages = messages;
    measurements.revision().addListener((property, before, after) -> refresh());
    session.shown().addListener((property, before, after) -> refresh());
    session.runs().addListener((ListChangeListener<Run>) change -> refresh());
  }

  public ReadOnlyObjectProperty<Chart> chart() {
    return chart.getReadOnlyProperty();
  }

  /** True while points may arrive. */
  public ReadOnlyBooleanProperty live() {
    return measurements.live();
  }

  /** Takes in new points; to be called at most ten times a second. */
  public void drain() {
    measurements.drain();
  }

  private void refresh() {
    List<Line> all = new ArrayList<>();
    measurements
        .curve(Measurements.DENSE, Optional.empty())
        .ifPresent(
            curve ->
                all.add(new Line(messages.text("runs.dense"), RunColours.DENSE, false, curve)));
    List<Run> runs = session.runs();
    Optional<String> shown = session.shownRun().map(Run::id);
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      int colour = i;
      if (session.belongsHere(run)) {
        boolean strong = shown.filter(run.id()::equals).isPresent();
        measurements
            .curve(run.id(), Optional.of(run))
            .ifPresent(curve -> all.add(new Line(run.name(), colour, strong, curve)));
      }
    }
    Line leading =
        all.stream()
            .filter(Line::strong)
            .findFirst()
            .or(() -> all.stream().filter(line -> line.curve().live()).findFirst())
            .orElse(all.isEmpty() ? null : all.get(all.size() - 1));
    if (leading == null) {
      chart.set(new Chart(List.of(), ""));
      return;
    }
    List<Line> lines =
        new ArrayList<>(all.stream().filter(line -> comparable(leading, line)).toList());
    while (lines.size() > CURVES_AT_MOST) {
      // The dense model stands first and the leading curve must stay; older runs make room.
      Line dropped =
          lines.stream()
              .filter(line -> !line.equals(leading) && line.colour() >= 0)
              .findFirst()
              .orElseThrow();
      lines.remove(dropped);
    }
    chart.set(
        new Chart(
            lines,
            leading
                .curve()
                .protocol()
                .map(new ProtocolWords(messages)::of)
                .orElse(leading.curve().description())));
  }

  /** Numbers stand beside each other only when they were measured on the same windows. */
  private static boolean comparable(Line leading, Line other) {
    if (leading.equals(other)) {
      return true;
    }
    Measurements.Curve mine = leading.curve();
    Measurements.Curve theirs = other.curve();
    if (mine.protocol().isPresent() && theirs.protocol().isPresent()) {
      Protocol protocol = mine.protocol().get();
      Protocol others = theirs.protocol().get();
      return others.textHash().equals(protocol.textHash())
          && others.window() == protocol.window()
          && others.windows() == protocol.windows();
    }
    // While one of them is measured, what was asked for must be the same.
    return mine.description().equals(theirs.description())
        && (mine.windows() == theirs.windows() || mine.windows() == 0 || theirs.windows() == 0);
  }
}
