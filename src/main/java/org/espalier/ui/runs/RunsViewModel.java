package org.espalier.ui.runs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.collections.ObservableMap;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.ui.allocation.Draft;
import org.espalier.ui.allocation.DraftState;
import org.espalier.ui.charts.Measurements;
import org.espalier.ui.charts.ProtocolWords;
import org.espalier.ui.charts.RunColours;
import org.espalier.ui.evaluation.TaskWords;
import org.espalier.ui.method.MethodViewModel;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.CheckpointOpening;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Shown;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Run;

/** The draft, the dense model and every run, with what is known of each. */
public final class RunsViewModel {
  /**
   * A line of the list.
   *
   * @param colour place in {@link RunColours}
   * @param columns what is known of it; empty for the draft
   * @param protocol what the numbers depend on, in words; empty while nothing is measured
   * @param detail a line of its own; empty where there is nothing to add
   * @param notes what people wrote about it
   */
  public record Item(
      Shown shown,
      int colour,
      String name,
      Optional<Columns> columns,
      String protocol,
      String detail,
      String notes) {
    /** "—" stands for what was not measured. */
    public record Columns(String ratio, String perplexity, String speed, String size) {}

    public Optional<Run> run() {
      return shown instanceof Shown.OfRun of ? Optional.of(of.run()) : Optional.empty();
    }

    boolean isSameThing(Item other) {
      return run().isPresent()
          ? other.run().map(Run::id).equals(run().map(Run::id))
          : shown.equals(other.shown);
    }
  }

  private static final String UNKNOWN = "—";

  private final Workbench workbench;
  private final Session session;
  private final Draft draft;
  private final MethodViewModel method;
  private final Measurements measurements;
  private final CheckpointOpening opening;
  private final JobFollower follower;
  private final Notices notices;
  private final Messages messages;
  private final ObservableList<Item> items = FXCollections.observableArrayList();
  private final ObservableMap<String, String> typedNotes = FXCollections.observableHashMap();
  private final ObjectProperty<Item> selected = new SimpleObjectProperty<>();
  private boolean refreshing;

  public RunsViewModel(
      Workbench workbench,
      Session session,
      Draft draft,
      MethodViewModel method,
      Measurements measurements,
      CheckpointOpening opening,
      JobFollower follower,
      Notices notices,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.draft = draft;
    this.method = method;
    this.measurements = measurements;
    this.opening = opening;
    this.follower = follower;
    this.notices = notices;
    this.messages = messages;
    session.checkpoint().addListener((property, before, after) -> refresh());
    session.analysis().addListener((property, before, after) -> refresh());
    session.shown().addListener((property, before, after) -> refresh());
    session.runs().addListener((ListChangeListener<Run>) change -> refresh());
    draft.state().addListener((property, before, after) -> refresh());
    measurements.revision().addListener((property, before, after) -> refresh());
    selected.addListener(
        (property, before, after) -> {
          if (!refreshing && after != null) {
            session.shown().set(after.shown());
          }
        });
    refresh();
  }

  public ObservableList<Item> items() {
    return items;
  }

  /** The line that is shown; setting it shows another. */
  public ObjectProperty<Item> selected() {
    return selected;
  }

  /** Gives a run another name; empty names are refused. */
  public void rename(Run run, String name) {
    if (name.isBlank()) {
      notices.tell(messages.text("notice.noName"));
    } else if (!name.strip().equals(run.name())) {
      follower.inBackground(() -> workbench.rename(run, name.strip()));
    }
  }

  /** Notes that are being written and are not kept yet, by the ids of their runs. */
  public ObservableMap<String, String> typedNotes() {
    return typedNotes;
  }

  /** Keeps what was written about a run. */
  public void note(Run run, String notes) {
    typedNotes.remove(run.id());
    if (!notes.strip().equals(run.notes())) {
      follower.inBackground(() -> workbench.note(run, notes));
    }
  }

  /** Begins a draft with the method, the parameters, the target and the locks of a run. */
  public void duplicate(Run run) {
    if (!session.belongsHere(run)) {
      notices.tell(messages.text("runs.otherModel", run.name()));
      return;
    }
    draft.takeSettings(run);
    method.takeSettings(run);
  }

  /** Opens the run's folder as a checkpoint of its own. */
  public void open(Run run) {
    opening.open(Optional.of(run.folder()));
  }

  /** Opens the dense model that the run was cut from. */
  public void openDense(Run run) {
    opening.open(Optional.of(run.checkpoint()));
  }

  private void refresh() {
    refreshing = true;
    try {
      List<Item> list = new ArrayList<>();
      OpenedCheckpoint checkpoint = session.checkpoint().get();
      if (session.analysis().get() != null) {
        list.add(draftItem());
      }
      if (checkpoint != null) {
        list.add(denseItem(checkpoint));
      }
      List<Run> runs = session.runs();
      for (int i = 0; i < runs.size(); i++) {
        list.add(runItem(runs.get(i), i));
      }
      showItems(list);
      Shown shown = session.shown().get();
      Item wanted = new Item(shown, 0, "", Optional.empty(), "", "", "");
      selected.set(list.stream().filter(wanted::isSameThing).findFirst().orElse(null));
    } finally {
      refreshing = false;
    }
  }

  /** Replaces only lines that changed, so that the others keep an open menu or field. */
  private void showItems(List<Item> list) {
    if (list.size() != items.size()) {
      items.setAll(list);
      // New lines begin unselected, so whoever shows them has to be told anew.
      selected.set(null);
      return;
    }
    for (int i = 0; i < list.size(); i++) {
      if (!list.get(i).equals(items.get(i))) {
        items.set(i, list.get(i));
      }
    }
  }

  private Item draftItem() {
    DraftState state = draft.state().get();
    int held = state.locks().holds().size();
    return new Item(
        Shown.DRAFT,
        RunColours.DRAFT,
        draft.name(),
        Optional.empty(),
        "",
        messages.text(
            held == 0 ? "runs.unlocked" : "runs.held",
            session.analysis().get().method().title(),
            Figures.percent(state.target().ratio()),
            held),
        "");
  }

  private Item denseItem(OpenedCheckpoint checkpoint) {
    return new Item(
        Shown.DENSE,
        RunColours.DENSE,
        messages.text("runs.dense"),
        Optional.of(
            new Item.Columns(
                UNKNOWN,
                measurements.densePerplexity().map(Figures::perplexity).orElse(UNKNOWN),
                measurements.denseSpeed().map(RunsViewModel::tokens).orElse(UNKNOWN),
                Figures.bytes(checkpoint.bytes()))),
        protocol(measurements.curve(Measurements.DENSE, Optional.empty())),
        "",
        "");
  }

  private Item runItem(Run run, int colour) {
    String live =
        measurements.livePerplexity(run).map(value -> Figures.perplexity(value) + "…").orElse("");
    String perplexity =
        live.isEmpty() ? newest(run).map(RunsViewModel::figure).orElse(UNKNOWN) : live;
    return new Item(
        Shown.run(run),
        colour,
        run.name(),
        Optional.of(
            new Item.Columns(
                Figures.percent(run.ratios().prunable()),
                perplexity,
                run.speed()
                    .map(speed -> tokens(speed.pruned().decodeTokensPerSecond()))
                    .orElse(UNKNOWN),
                Figures.bytes(run.bytes()))),
        described(run),
        session.belongsHere(run) || session.checkpoint().get() == null
            ? ""
            : messages.text("runs.of", run.checkpoint().getFileName()),
        run.notes());
  }

  /** The column says what it counts. */
  private static String tokens(double perSecond) {
    return Figures.speed(perSecond).replaceFirst(" .*", "");
  }

  /** A number that is an estimate or needs a warning does not stand there like the others. */
  private static String figure(PerplexityResult result) {
    return (result.warnings().isEmpty() ? "" : "⚠ ")
        + (result.estimate() ? "≈" : "")
        + Figures.perplexity(result.perplexity());
  }

  /** What the numbers of a run depend on, and what its reader has to know. */
  private String described(Run run) {
    List<String> lines = new ArrayList<>();
    lines.add(run.notes());
    lines.add(Figures.parameters(run.parametersAfter()));
    lines.add(protocol(measurements.curve(run.id(), Optional.of(run))));
    newest(run).ifPresent(result -> result.warnings().forEach(text -> lines.add("⚠ " + text)));
    run.tasks().forEach(result -> lines.add(TaskWords.line(result)));
    run.speed().ifPresent(speed -> lines.addAll(speed.notes()));
    return String.join("\n", lines.stream().filter(line -> !line.isEmpty()).toList());
  }

  private String protocol(Optional<Measurements.Curve> curve) {
    return curve
        .map(
            measured ->
                measured
                    .protocol()
                    .map(new ProtocolWords(messages)::of)
                    .orElse(measured.description()))
        .orElse("");
  }

  private static Optional<PerplexityResult> newest(Run run) {
    List<PerplexityResult> results = run.perplexities();
    return results.isEmpty() ? Optional.empty() : Optional.of(results.get(results.size() - 1));
  }
}
