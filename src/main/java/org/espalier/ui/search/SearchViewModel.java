package org.espalier.ui.search;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.espalier.search.Trial;
import org.espalier.search.Variable;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.platform.UiExecutor;
import org.espalier.workbench.SearchSnapshot;
import org.espalier.workbench.Workbench;

/** The search that runs now, or the last one until it is put away. */
public final class SearchViewModel {
  private final Messages messages;
  private final ReadOnlyObjectWrapper<Optional<SearchSnapshot>> search =
      new ReadOnlyObjectWrapper<>(Optional.empty());

  /**
   * Follows all searches.
   *
   * @param measuring true while an evaluation runs, whose chart a search stands in front of
   */
  public SearchViewModel(
      Workbench workbench,
      ReadOnlyBooleanProperty measuring,
      UiExecutor executor,
      Messages messages) {
    this.messages = messages;
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
