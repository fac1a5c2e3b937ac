package org.espalier.ui.restore;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import javafx.beans.property.IntegerProperty;
import javafx.collections.MapChangeListener;
import javafx.collections.ObservableMap;
import org.espalier.ui.heatmap.HeatmapViewModel;
import org.espalier.workspace.SavedSession;

/** What is looked at and typed beside the draft, as a session keeps it. Used on the UI thread. */
public final class PresentDetails {
  private final HeatmapViewModel heatmap;
  private final IntegerProperty context;
  private final ObservableMap<String, String> notes;

  /**
   * @param context length of text for which the budget counts
   * @param notes on runs that are being written, by the ids of the runs
   */
  public PresentDetails(
      HeatmapViewModel heatmap, IntegerProperty context, ObservableMap<String, String> notes) {
    this.heatmap = heatmap;
    this.context = context;
    this.notes = notes;
  }

  SavedSession.Details saved() {
    Optional<Integer> enlarged = heatmap.enlarged().get();
    return new SavedSession.Details(
        enlarged.map(OptionalInt::of).orElseGet(OptionalInt::empty),
        context.get(),
        Map.copyOf(notes));
  }

  /** Goes on with what was left, once the checkpoint is open. */
  void restore(SavedSession.Details left) {
    left.enlarged().ifPresent(heatmap::enlargeOnceRanked);
    if (left.context() > 0) {
      context.set(left.context());
    }
    notes.putAll(left.notes());
  }

  void onChange(Runnable listener) {
    heatmap.enlarged().addListener((property, before, after) -> listener.run());
    context.addListener((property, before, after) -> listener.run());
    notes.addListener((MapChangeListener<String, String>) change -> listener.run());
  }
}
