package org.espalier.ui.compare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.espalier.allocation.PrunableModel;
import org.espalier.report.comparison.ComparedRun;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Session;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.StoredComparison;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Run;

/**
 * What can be compared: runs of the open model and, for the sample model, those that come with the
 * program. What is known of them is read from the disk when {@link #refresh} asks for it.
 */
public final class ComparedRuns {
  /**
   * A run that can be ticked.
   *
   * @param stored true if it came with the program, so that it has no weights
   */
  public record Choice(ComparedRun compared, boolean stored, BooleanProperty chosen) {
    public Run run() {
      return compared.run();
    }
  }

  /** Fewer runs than this are no comparison. */
  private static final int FEW = 2;

  private final Workbench workbench;
  private final Session session;
  private final JobFollower follower;
  private final ObservableList<Choice> choices = FXCollections.observableArrayList();
  private final Map<String, BooleanProperty> ticks = new HashMap<>();
  private final ReadOnlyLongWrapper revision = new ReadOnlyLongWrapper();
  private Optional<StoredComparison> stored = Optional.empty();
  private long newestQuestion;

  public ComparedRuns(Workbench workbench, Session session, JobFollower follower) {
    this.workbench = workbench;
    this.session = session;
    this.follower = follower;
  }

  /** Stored runs last. */
  public ObservableList<Choice> choices() {
    return choices;
  }

  /** Grows with every tick and every change of the list. */
  public ReadOnlyLongProperty revision() {
    return revision.getReadOnlyProperty();
  }

  /** The ticked ones, in order. */
  public List<Choice> chosen() {
    return choices.stream().filter(choice -> choice.chosen().get()).toList();
  }

  /** Runs of the workspace that were cut from other models. */
  public long elsewhere() {
    return session.runs().stream().filter(run -> !session.belongsHere(run)).count();
  }

  /** What comes with the program, if the sample model is open. */
  public Optional<StoredComparison> stored() {
    return stored;
  }

  /** The date is shown wherever a stored run is. */
  public boolean isAnyStoredChosen() {
    return choices.stream().anyMatch(choice -> choice.stored() && choice.chosen().get());
  }

  /** Reads again what is known of the runs. */
  public void refresh() {
    refresh(false);
  }

  /** As {@link #refresh}; ticks the stored runs if there is little else to show. */
  public void refreshForDemo() {
    refresh(true);
  }

  private record Answer(List<ComparedRun> own, Optional<StoredComparison> stored) {}

  private void refresh(boolean demo) {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    long question = ++newestQuestion;
    if (checkpoint == null) {
      take(new Answer(List.of(), Optional.empty()), demo);
      return;
    }
    List<Run> own = session.runs().stream().filter(session::belongsHere).toList();
    follower.ask(
        () ->
            new Answer(
                own.stream().map(workbench::compared).toList(),
                checkpoint.sample()
                    ? Optional.of(StoredComparison.ofSample())
                        .filter(comparison -> fits(comparison, checkpoint.model()))
                    : Optional.empty()),
        answer -> {
          if (question == newestQuestion) {
            take(answer, demo);
          }
        });
  }

  /** False for a pruned variant of the sample model, whose runs are others. */
  private static boolean fits(StoredComparison comparison, PrunableModel model) {
    Run first = comparison.runs().get(0).run();
    List<PrunableModel.Block> blocks = model.blocks();
    return first.allocation().blocks() == blocks.size()
        && comparison.runs().stream()
            .map(compared -> compared.run().allocation())
            .allMatch(
                kept ->
                    IntStream.range(0, blocks.size())
                        .allMatch(
                            b ->
                                kept.keptHeadGroups().get(b) <= blocks.get(b).headGroups()
                                    && kept.keptChannels().get(b) <= blocks.get(b).channels()));
  }

  private void take(Answer answer, boolean demo) {
    stored = answer.stored();
    List<Choice> list = new ArrayList<>();
    answer.own().forEach(compared -> list.add(choice(compared, false)));
    stored.ifPresent(
        comparison -> comparison.runs().forEach(compared -> list.add(choice(compared, true))));
    if (demo && !isEnough(list)) {
      list.stream().filter(Choice::stored).forEach(choice -> choice.chosen().set(true));
    }
    choices.setAll(list);
    changed();
  }

  private static boolean isEnough(List<Choice> list) {
    return list.stream()
            .filter(choice -> choice.chosen().get() && !choice.run().perplexities().isEmpty())
            .count()
        >= FEW;
  }

  private Choice choice(ComparedRun compared, boolean fromProgram) {
    return new Choice(
        compared,
        fromProgram,
        ticks.computeIfAbsent(
            compared.run().id(),
            id -> {
              BooleanProperty tick = new SimpleBooleanProperty(!fromProgram);
              tick.addListener((property, before, after) -> changed());
              return tick;
            }));
  }

  private void changed() {
    revision.set(revision.get() + 1);
  }
}
