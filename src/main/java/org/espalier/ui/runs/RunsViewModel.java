package org.espalier.ui.runs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.ui.allocation.Draft;
import org.espalier.ui.allocation.DraftState;
import org.espalier.ui.charts.Measurements;
import org.espalier.ui.charts.ProtocolWords;
import org.espalier.ui.charts.RunColours;
import org.espalier.ui.evaluation.TaskWords;
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
   * @param perplexity newest, as text; "—" while unmeasured
   * @param protocol what the perplexity depends on, in words; empty while unmeasured
   * @param detail second line
   */
  public record Item(
      Shown shown, int colour, String name, String perplexity, String protocol, String detail) {
    public Optional<Run> run() {
      return shown instanceof Shown.OfRun of ? Optional.of(of.run()) : Optional.empty();
    }

    boolean isSameThing(Item other) {
      return run().isPresent()
          ? other.run().map(Run::id).equals(run().map(Run::id))
          : shown.equals(other.shown);
    }
  }

  private final Workbench workbench;
  private final Session session;
  private final Draft draft;
  private final Measurements measurements;
  private final CheckpointOpening opening;
  private final JobFollower follower;
  private final Notices notices;
  private final Messages messages;
  private final ObservableList<Item> items = FXCollections.observableArrayList();
  private final ObjectProperty<Item> selected = new SimpleObjectProperty<>();
  private boolean refreshing;

  public RunsViewModel(
      Workbench workbench,
      Session session,
      Draft draft,
      Measurements measurements,
      CheckpointOpening opening,
      JobFollower follower,
      Notices notices,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.draft = draft;
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

  public void delete(Run run) {
    follower.inBackground(() -> workbench.delete(run));
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
      Item wanted = new Item(shown, 0, "", "", "", "");
      selected.set(list.stream().filter(wanted::isSameThing).findFirst().orElse(null));
    } finally {
      refreshing = false;
    }
  }

  /** Replaces only lines that changed, so that the others keep an open menu or field. */
  private void showItems(List<Item> list) {
    if (list.size() != items.size()) {
      items.setAll(list);
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
        "",
        "",
        messages.text(
            held == 0 ? "runs.unlocked" : "runs.held",
            session.analysis().get().method().title(),
            Figures.percent(state.target().ratio()),
            held));
  }

  private Item denseItem(OpenedCheckpoint checkpoint) {
    return new Item(
        Shown.DENSE,
        RunColours.DENSE,
        messages.text("runs.dense"),
        measurements.densePerplexity().map(Figures::perplexity).orElse("—"),
        protocol(measurements.curve(Measurements.DENSE, Optional.empty())),
        detail(
            Figures.parameters(checkpoint.model().totalParameters()),
            Figures.bytes(checkpoint.bytes()),
            measurements.denseSpeed().map(Figures::speed)));
  }

  private Item runItem(Run run, int colour) {
    String live =
        measurements.livePerplexity(run).map(value -> Figures.perplexity(value) + "…").orElse("");
    String perplexity = live.isEmpty() ? newest(run).map(RunsViewModel::figure).orElse("—") : live;
    String detail =
        detail(
            Figures.parameters(run.parametersAfter()),
            Figures.bytes(run.bytes()),
            run.speed().map(speed -> Figures.speed(speed.pruned().decodeTokensPerSecond())));
    return new Item(
        Shown.run(run),
        colour,
        run.name(),
        perplexity,
        described(run),
        session.belongsHere(run) || session.checkpoint().get() == null
            ? detail
            : messages.text("runs.of", run.checkpoint().getFileName(), detail));
  }

  /** A number that is an estimate or needs a warning does not stand there like the others. */
  private static String figure(PerplexityResult result) {
    return (result.warnings().isEmpty() ? "" : "⚠ ")
        + (result.estimate() ? "≈ " : "")
        + Figures.perplexity(result.perplexity());
  }

  /** What the numbers of a run depend on, and what its reader has to know. */
  private String described(Run run) {
    List<String> lines = new ArrayList<>();
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

  private static String detail(String parameters, String bytes, Optional<String> speed) {
    return parameters + " · " + bytes + speed.map(text -> " · " + text).orElse("");
  }
}
