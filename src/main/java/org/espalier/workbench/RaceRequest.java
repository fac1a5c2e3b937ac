package org.espalier.workbench;

import java.nio.file.Path;
import java.util.List;
import org.espalier.evaluation.race.Race;
import org.espalier.workspace.Run;

/**
 * Which models race on which text.
 *
 * @param models at least two, of one origin
 * @param text what they read, in an order drawn with its seed; stops when the race is decided
 * @param error chance that any verdict is wrong, 0 to 1
 */
public record RaceRequest(List<Model> models, String device, EvaluationRequest text, double error) {
  public RaceRequest {
    models = List.copyOf(models);
  }

  /** With the usual chance of a wrong verdict. */
  public RaceRequest(List<Model> models, String device, EvaluationRequest text) {
    this(models, device, text, Race.USUAL_ERROR);
  }

  /**
   * One model.
   *
   * @param name for people
   * @param folder with its checkpoint
   */
  public record Model(String name, Path folder) {
    public static Model of(Run run) {
      return new Model(run.name(), run.folder());
    }
  }
}
