package org.espalier.workspace;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a window shows, so that the next start goes on there.
 *
 * @param checkpoint folder of what is open; empty for the sample model
 * @param checkpointName shown to people; for a model of the hub its name there
 * @param form what is chosen and typed for the next analysis
 * @param analysed with what the shown scores were measured; empty before the first analysis
 * @param draft the draft with its snapshots and its history
 * @param shown {@link #DRAFT}, {@link #DENSE}, or the id of a run
 * @param details what is looked at and typed beside it
 * @param unfinished jobs that ran or waited
 */
public record SavedSession(
    Optional<Path> checkpoint,
    String checkpointName,
    MethodForm form,
    Optional<Analysed> analysed,
    SavedDraft draft,
    String shown,
    Layout layout,
    Details details,
    List<UnfinishedJob> unfinished) {
  /** The draft is shown. */
  public static final String DRAFT = "draft";

  /** The dense model is shown. */
  public static final String DENSE = "dense";

  public SavedSession {
    unfinished = List.copyOf(unfinished);
  }

  /**
   * Fields as a person left them.
   *
   * @param parameters that differ from their defaults, for each method
   * @param calibration text file; empty for the sample's own text
   * @param target export target that the result is for; empty for any
   */
  public record MethodForm(
      String method,
      Map<String, Map<String, String>> parameters,
      Optional<Path> calibration,
      String samples,
      String window,
      String seed,
      String target,
      int channelMultiple) {
    public MethodForm {
      parameters = Map.copyOf(parameters);
    }
  }

  /**
   * What scores depend on.
   *
   * @param parameters that differ from their defaults
   * @param calibration text file; empty for the sample's own text
   * @param allocator the rule that shares the target
   * @param target export target that the result is for; empty for any
   */
  public record Analysed(
      String method,
      Map<String, String> parameters,
      Optional<Path> calibration,
      int samples,
      int window,
      long seed,
      String allocator,
      String target,
      int channelMultiple) {
    public Analysed {
      parameters = Map.copyOf(parameters);
    }
  }

  /**
   * What is looked at and typed beside the draft.
   *
   * @param enlarged the block that is shown large, if one is
   * @param context length of text for which the budget counts; 0 for the usual
   * @param notes on runs that are being written, by the ids of the runs
   */
  public record Details(OptionalInt enlarged, int context, Map<String, String> notes) {
    /** Nothing of it. */
    public static final Details NONE = new Details(OptionalInt.empty(), 0, Map.of());

    public Details {
      notes = Map.copyOf(notes);
    }
  }

  /**
   * Where things are.
   *
   * @param bounds x, y, width and height of the window in pixels; empty while unknown
   * @param dividers places from 0 to 1, by the name of what they divide
   * @param views names of the views that are chosen
   */
  public record Layout(
      List<Double> bounds,
      boolean maximised,
      Map<String, List<Double>> dividers,
      List<String> views) {
    /** Nothing is known. */
    public static final Layout UNKNOWN = new Layout(List.of(), false, Map.of(), List.of());

    public Layout {
      bounds = List.copyOf(bounds);
      dividers = Map.copyOf(dividers);
      views = List.copyOf(views);
    }
  }
}
