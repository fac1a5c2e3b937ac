package org.espalier.ui.search;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.espalier.pruning.SliderAnswer;
import org.espalier.search.Trial;
import org.espalier.search.Variable;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.platform.UiExecutor;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Session;
import org.espalier.workbench.SearchSnapshot;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Run;

/**
 * The search that runs now, or the last one until it is put away; also the search that a run came
 * out of, as long as the run is kept.
 */
public final class SearchViewModel {
  private final Workbench workbench;
  private final Session session;
  private final JobFollower follower;
  private final Notices notices;
  private final Messages messages;
  private final ReadOnlyObjectWrapper<Optional<SearchSnapshot>> ofShownRun =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Optional<SearchSnapshot>> search =
      new ReadOnlyObjectWrapper<>(Optional.empty());

  /**
   * Follows all searches.
   *
   * @param measuring true while an evaluation runs, whose chart a search stands in front of
   */
  public SearchViewModel(
      Workbench workbench,
      Session session,
      ReadOnlyBooleanProperty measuring,
      JobFollower follower,
      UiExecutor executor,
      Notices notices,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.follower = follower;
    this.notices = notices;
    this.messages = messages;
    session.shown().addListener((property, before, after) -> lookUp());
    lookUp();
    measuring.addListener(
        (property, before, now) -> {
          if (now) {
            putAway();
          }
        });
    // Trials of small models can come faster than the window draws: only the newest state counts.
    AtomicReference<SearchSnapshot> waiting = new AtomicReference<>();
    workbench.onSearch(
        snapshot -> {
          if (waiting.getAndSet(snapshot) == null) {
            executor.onUi(() -> search.set(Optional.of(waiting.getAndSet(null))));
          }
        });
  }

  public ReadOnlyObjectProperty<Optional<SearchSnapshot>> search() {
    return search.getReadOnlyProperty();
  }

  /** The finished search that the shown run came out of; empty where there was none. */
  public ReadOnlyObjectProperty<Optional<SearchSnapshot>> ofShownRun() {
    return ofShownRun.getReadOnlyProperty();
  }

  /** Whether a run was made by a method that searches. */
  public boolean isSearched(Run run) {
    return workbench.methods().stream()
        .anyMatch(
            method ->
                method.name().equals(run.method())
                    && method.sliderAnswer() == SliderAnswer.AFTER_RUN);
  }

  /** Shows the search that a run came out of, as it stood when it was done. */
  public void show(Run run) {
    follower.ask(
        () -> workbench.search(run),
        found -> {
          if (found.isPresent()) {
            search.set(found);
          } else {
            notices.tell(messages.text("search.notKept", run.name()));
          }
        });
  }

  /** As {@link #show}, of the run that is shown. */
  public void showOfShownRun() {
    if (ofShownRun.get().isPresent()) {
      search.set(ofShownRun.get());
    }
  }

  private void lookUp() {
    ofShownRun.set(Optional.empty());
    Optional<Run> run = session.shownRun().filter(this::isSearched);
    run.ifPresent(
        shown ->
            follower.ask(
                () -> workbench.search(shown),
                found -> {
                  if (session.shownRun().map(Run::id).filter(shown.id()::equals).isPresent()) {
                    ofShownRun.set(found);
                  }
                }));
  }

  /** Where the search stands, in a sentence. */
  public String summary(SearchSnapshot shown) {
    String done =
        messages.text("search.progress", shown.trials().size(), shown.planned(), shown.title());
    return shown
        .best()
        .map(
            best ->
                done
                    + " "
                    + messages.text("search.best", Figures.perplexity(best.value()), setting(best)))
        .orElse(done);
  }

  private String setting(Trial best) {
    return String.join(
        ", ",
        best.point().entrySet().stream()
            .map(entry -> messages.text("search.setting", entry.getKey(), entry.getValue()))
            .toList());
  }

  /** The first two coefficients that are varied, if there are two. */
  public static List<Variable.Continuous> coefficients(SearchSnapshot shown) {
    return shown.space().variables().stream()
        .filter(Variable.Continuous.class::isInstance)
        .map(Variable.Continuous.class::cast)
        .limit(2)
        .toList();
  }

  /** Puts the search away; the next trial of a running one shows it again. */
  public void putAway() {
    search.set(Optional.empty());
  }
}
