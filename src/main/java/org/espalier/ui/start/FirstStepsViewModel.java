package org.espalier.ui.start;

import java.nio.file.Path;
import java.util.List;
import javafx.beans.Observable;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.espalier.ui.allocation.Draft;
import org.espalier.ui.preferences.UserPreferences;
import org.espalier.ui.session.Session;
import org.espalier.workspace.Run;

/**
 * What somebody who just came can do: three steps until the first pruned run, and the models opened
 * before. The steps go away with the first run or when they are put away, for good; the models are
 * offered while nothing else has begun.
 */
public final class FirstStepsViewModel {
  /** What comes next on the way to a first run. */
  public enum Step {
    ANALYSE,
    SHAPE,
    PRUNE
  }

  private static final int MODELS_AT_MOST = 3;

  private final Session session;
  private final Draft draft;
  private final ModelFolders folders;
  private final UserPreferences preferences;
  private final ReadOnlyObjectWrapper<Step> next = new ReadOnlyObjectWrapper<>(Step.ANALYSE);
  private final ReadOnlyBooleanWrapper wanted = new ReadOnlyBooleanWrapper();
  private final ObservableList<Path> recent = FXCollections.observableArrayList();

  public FirstStepsViewModel(
      Session session, Draft draft, ModelFolders folders, UserPreferences preferences) {
    this.session = session;
    this.draft = draft;
    this.folders = folders;
    this.preferences = preferences;
    wanted.set(!preferences.knowsFirstSteps());
    for (Observable changing :
        List.<Observable>of(
            session.checkpoint(),
            session.analysis(),
            session.runs(),
            draft.history(),
            draft.undoable())) {
      changing.addListener(changed -> refresh());
    }
    refresh();
  }

  /** The step that comes next. */
  public ReadOnlyObjectProperty<Step> next() {
    return next.getReadOnlyProperty();
  }

  /** True while the steps are to be shown. */
  public ReadOnlyBooleanProperty wanted() {
    return wanted.getReadOnlyProperty();
  }

  /** Models to go on with; empty once something has begun. */
  public ObservableList<Path> recent() {
    return recent;
  }

  public void open(Path folder) {
    folders.openAgain(folder);
    refresh();
  }

  /** Puts the steps away for good. */
  public void putAway() {
    preferences.setKnowsFirstSteps(true);
    wanted.set(false);
  }

  private void refresh() {
    boolean analysed = session.analysis().get() != null;
    boolean shaped = !draft.undoable().get().isEmpty();
    next.set(!analysed ? Step.ANALYSE : shaped ? Step.PRUNE : Step.SHAPE);
    if (wanted.get() && session.runs().stream().anyMatch(this::isFirst)) {
      putAway();
    }
    boolean begun =
        analysed || session.checkpoint().get() == null || !session.checkpoint().get().sample();
    recent.setAll(begun ? List.of() : folders.recent().stream().limit(MODELS_AT_MOST).toList());
  }

  private boolean isFirst(Run run) {
    return session.analysis().get() != null && session.belongsHere(run);
  }
}
