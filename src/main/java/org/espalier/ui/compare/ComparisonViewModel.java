package org.espalier.ui.compare;

import java.awt.Color;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javafx.beans.binding.ObjectBinding;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import org.espalier.allocation.RatioDefinition;
import org.espalier.report.Figure;
import org.espalier.report.FigureFormat;
import org.espalier.report.MeasuredTable;
import org.espalier.report.MethodColours;
import org.espalier.report.TableFiles;
import org.espalier.report.chart.ParetoChart.Across;
import org.espalier.report.comparison.ComparedRun;
import org.espalier.report.comparison.ComparisonTables;
import org.espalier.report.comparison.ProtocolGroup;
import org.espalier.ui.charts.FigureTaking;
import org.espalier.ui.charts.RunColours;
import org.espalier.ui.compare.ComparedRuns.Choice;
import org.espalier.ui.heatmap.HeatmapColours;
import org.espalier.ui.platform.FilePicker;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.preferences.PreferencesViewModel;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Sheets;
import org.espalier.ui.session.Sheets.Sheet;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workspace.Run;

/** Which runs are compared, how and in which view; every view as a figure and in words. */
public final class ComparisonViewModel {
  /** The views, in the order of their keys. */
  public enum Kind {
    QUALITY,
    TRADE_OFF,
    TASKS,
    ALLOCATIONS,
    AGREEMENT,
    TEXT,
    TABLE;

    /** The view whose key this is, from 1. */
    static Optional<Kind> ofKey(int key) {
      return key >= 1 && key <= values().length ? Optional.of(values()[key - 1]) : Optional.empty();
    }

    int key() {
      return ordinal() + 1;
    }

    /** The view {@code steps} further, around the end. */
    Kind next(int steps) {
      return values()[Math.floorMod(ordinal() + steps, values().length)];
    }
  }

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private final Session session;
  private final ComparedRuns runs;
  private final AgreementViewModel agreement;
  private final ContinuationsViewModel continuations;
  private final PreferencesViewModel preferences;
  private final ObjectBinding<HeatmapColours> pictureColours;
  private final Sheets sheets;
  private final FigureTaking taking;
  private final JobFollower follower;
  private final FilePicker picker;
  private final Messages messages;
  private final ObjectProperty<Kind> kind = new SimpleObjectProperty<>(Kind.QUALITY);
  private final ObjectProperty<RatioDefinition> ratio =
      new SimpleObjectProperty<>(RatioDefinition.PRUNABLE);
  private final ObjectProperty<Integer> level = new SimpleObjectProperty<>();
  private final ObjectProperty<Across> across = new SimpleObjectProperty<>(Across.SPEED);
  private final ObjectProperty<ProtocolGroup> group = new SimpleObjectProperty<>();
  private final ObservableList<ProtocolGroup> groups = FXCollections.observableArrayList();
  private final ObservableList<Integer> levels = FXCollections.observableArrayList();
  private final ReadOnlyLongWrapper revision = new ReadOnlyLongWrapper();

  public ComparisonViewModel(
      Session session,
      ComparedRuns runs,
      AgreementViewModel agreement,
      ContinuationsViewModel continuations,
      PreferencesViewModel preferences,
      Sheets sheets,
      FigureTaking taking,
      JobFollower follower,
      FilePicker picker,
      Messages messages) {
    this.session = session;
    this.runs = runs;
    this.agreement = agreement;
    this.continuations = continuations;
    this.preferences = preferences;
    pictureColours = HeatmapColours.of(preferences);
    this.sheets = sheets;
    this.taking = taking;
    this.follower = follower;
    this.picker = picker;
    this.messages = messages;
    sheets.open().addListener((property, before, after) -> opened(after));
    session.runs().addListener((ListChangeListener<Run>) change -> refreshIfOpen());
    session.checkpoint().addListener((property, before, after) -> refreshIfOpen());
    runs.revision().addListener((property, before, after) -> regroup());
    ratio.addListener((property, before, after) -> regroup());
    level.addListener((property, before, after) -> changed());
    group.addListener((property, before, after) -> changed());
    across.addListener((property, before, after) -> changed());
    kind.addListener((property, before, after) -> changed());
    agreement.known().addListener((property, before, after) -> changed());
    pictureColours.addListener((property, before, after) -> changed());
  }

  public ObjectProperty<Kind> kind() {
    return kind;
  }

  /** What a run's ratio is a share of; runs are aligned by it. */
  public ObjectProperty<RatioDefinition> ratio() {
    return ratio;
  }

  /** Only runs that remove about so many percent; null for all. */
  public ObjectProperty<Integer> level() {
    return level;
  }

  /** Whole percents that runs remove, rising. */
  public ObservableList<Integer> levels() {
    return levels;
  }

  /** What stands along the bottom of the trade-off. */
  public ObjectProperty<Across> across() {
    return across;
  }

  /** The protocol that is ranked by; null while nothing was measured. */
  public ObjectProperty<ProtocolGroup> group() {
    return group;
  }

  /** The protocols of the chosen runs, the one of most runs first. */
  public ObservableList<ProtocolGroup> groups() {
    return groups;
  }

  /** Grows when anything has to be drawn again. */
  public ReadOnlyLongProperty revision() {
    return revision.getReadOnlyProperty();
  }

  /** Opens the layout for an audience. */
  public void demonstrate() {
    sheets.open().set(Sheet.DEMO);
  }

  private void opened(Sheet sheet) {
    if (sheet == Sheet.DEMO) {
      runs.refreshForDemo();
    } else if (sheet == Sheet.COMPARISON) {
      runs.refresh();
    } else {
      continuations.stop();
    }
  }

  private void refreshIfOpen() {
    opened(
        sheets.open().get() == Sheet.COMPARISON || sheets.open().get() == Sheet.DEMO
            ? sheets.open().get()
            : Sheet.NONE);
  }

  private void regroup() {
    List<ComparedRun> chosen = runs.chosen().stream().map(Choice::compared).toList();
    ProtocolGroup before = group.get();
    groups.setAll(ProtocolGroup.of(chosen));
    group.set(
        groups.stream()
            .filter(
                known ->
                    before != null
                        && known.checkpointHash().equals(before.checkpointHash())
                        && known.protocol().equals(before.protocol()))
            .findFirst()
            .orElse(groups.isEmpty() ? null : groups.get(0)));
    Integer shown = level.get();
    levels.setAll(chosen.stream().map(known -> percent(known.run())).distinct().sorted().toList());
    level.set(levels.contains(shown) ? shown : null);
    changed();
  }

  private int percent(Run run) {
    return (int) Math.round(100 * run.ratios().by(ratio.get()));
  }

  private void changed() {
    if (kind.get() == Kind.TEXT) {
      continuations.show(shown());
    }
    revision.set(revision.get() + 1);
  }

  /** The chosen runs at the chosen ratio. */
  public List<Choice> shown() {
    return runs.chosen().stream()
        .filter(choice -> level.get() == null || percent(choice.run()) == level.get())
        .toList();
  }

  private List<ComparedRun> compared() {
    return shown().stream().map(Choice::compared).toList();
  }

  /** At the ratio where most runs are, the larger of several: what fits beside each other. */
  public void chooseFullestLevel() {
    Map<Integer, Integer> counts = new TreeMap<>();
    runs.chosen().forEach(choice -> counts.merge(percent(choice.run()), 1, Integer::sum));
    level.set(
        counts.entrySet().stream()
            .reduce((first, next) -> next.getValue() >= first.getValue() ? next : first)
            .map(Map.Entry::getKey)
            .orElse(null));
  }

  /** Colour of a run in list and figures. */
  Color colour(Run run) {
    return colours().run(run);
  }

  private MethodColours colours() {
    return new MethodColours(
        runs.choices().stream().map(Choice::run).toList(),
        RunColours.style(preferences.theme().get()));
  }

  private ComparisonFigures figures() {
    return new ComparisonFigures(messages, colours(), pictureColours.get().palette(), ratio.get());
  }

  private ComparisonNotes words() {
    return new ComparisonNotes(messages, figures());
  }

  /** The shown view as a figure; empty for text and table, and while there is nothing to show. */
  public Optional<Figure> figure(int width, int height) {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    if (checkpoint == null) {
      return Optional.empty();
    }
    return switch (kind.get()) {
      // Lines need all ratios.
      case QUALITY ->
          Optional.ofNullable(group.get())
              .flatMap(ranked -> figures().quality(ranked, width, height));
      case TRADE_OFF ->
          atLevel().flatMap(ranked -> figures().tradeOff(ranked, across.get(), width, height));
      case TASKS -> figures().tasks(compared(), width, height);
      case ALLOCATIONS ->
          figures()
              .allocations(
                  checkpoint.model(), shown().stream().map(Choice::run).toList(), width, height);
      case AGREEMENT ->
          agreementKnown()
              .flatMap(
                  known -> figures().agreement(known.agreement(), known.protocol(), width, height));
      case TEXT, TABLE -> Optional.empty();
    };
  }

  /** The chosen protocol with the runs at the chosen ratio. */
  private Optional<ProtocolGroup> atLevel() {
    return Optional.ofNullable(group.get())
        .map(
            ranked ->
                new ProtocolGroup(
                    ranked.checkpointHash(),
                    ranked.protocol(),
                    ranked.dense(),
                    ranked.members().stream()
                        .filter(
                            member -> level.get() == null || percent(member.run()) == level.get())
                        .toList()))
        .filter(ranked -> !ranked.members().isEmpty());
  }

  /** Measured now, or what came with the program. */
  private Optional<AgreementViewModel.Known> agreementKnown() {
    return agreement
        .known()
        .get()
        .or(
            () ->
                runs.isAnyStoredChosen()
                    ? runs.stored()
                        .map(
                            stored ->
                                new AgreementViewModel.Known(
                                    stored.agreement(),
                                    messages.text("comparison.storedOn", date(stored.measured()))))
                    : Optional.empty());
  }

  /** Measures how far the methods of the shown runs agree. */
  public void measureAgreement() {
    agreement.measure(runs.chosen().stream().map(Choice::run).toList());
  }

  /** All numbers, a table for each protocol. */
  public List<MeasuredTable> tables() {
    return new ComparisonTables(compared(), ratio.get()).all();
  }

  /** Asks where and writes tables there. */
  public void saveTables(List<MeasuredTable> tables, String form) {
    picker
        .pickNewFile(
            messages.text("comparison.saveTables"),
            messages.text("comparison.fileName") + "." + form,
            List.of(form))
        .ifPresent(place -> follower.inBackground(() -> TableFiles.write(tables, place)));
  }

  /** Asks where and writes the shown figure there. */
  public void save(FigureFormat format, int width, int height) {
    taking.save(figure(width, height), format);
  }

  /** The shown figure, or a sentence why there is none. */
  public Optional<Figure> figureOrNotice(int width, int height) {
    return taking.orNotice(figure(width, height));
  }

  /** Says that runs come with the program, and when they were measured; empty if none is chosen. */
  public String storedNote() {
    return runs.isAnyStoredChosen()
        ? runs.stored()
            .map(stored -> messages.text("comparison.stored", date(stored.measured())))
            .orElse("")
        : "";
  }

  /** Above the stored runs in the list. */
  String storedHeading() {
    return runs.stored()
        .map(stored -> messages.text("comparison.storedHeading", date(stored.measured())))
        .orElse("");
  }

  private static String date(Instant instant) {
    return DATE.format(instant);
  }

  /** Why there is nothing to see; empty if there is. */
  public String emptyNote() {
    if (runs.chosen().isEmpty()) {
      return messages.text("comparison.empty");
    }
    return switch (kind.get()) {
      case QUALITY, TRADE_OFF ->
          group.get() == null
              ? messages.text("comparison.unmeasured")
              : figure(1, 1).isEmpty() ? messages.text("comparison.noSpeed") : "";
      case TASKS -> figure(1, 1).isEmpty() ? messages.text("comparison.noTasks") : "";
      case AGREEMENT ->
          agreementKnown().isPresent()
              ? ""
              : messages.text(
                  agreement.hasText() ? "comparison.noAgreement" : "comparison.agreementText");
      case ALLOCATIONS, TEXT, TABLE -> "";
    };
  }

  /** What a reader of the shown view has to know, a sentence each. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    switch (kind.get()) {
      case QUALITY -> {
        notes.add(messages.text("comparison.bandNote"));
        notes.addAll(words().leftOut(group.get(), runs.chosen()));
      }
      case TRADE_OFF -> {
        atLevel().ifPresent(ranked -> notes.addAll(words().front(ranked, across.get())));
        notes.addAll(words().leftOut(group.get(), runs.chosen()));
      }
      case TASKS -> notes.addAll(words().verdicts(compared()));
      case ALLOCATIONS, AGREEMENT, TEXT, TABLE -> {}
    }
    if (runs.elsewhere() > 0) {
      notes.add(messages.text("comparison.elsewhere", runs.elsewhere()));
    }
    return notes;
  }
}
