package org.espalier.report.comparison;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.espalier.allocation.Hold;
import org.espalier.allocation.PrunableModel;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.tasks.TaskResult;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.workspace.Orders;
import org.espalier.workspace.Run;

/**
 * The commands that make a run and its numbers again. What a run does not keep, such as the folder
 * of a text, stands as a comment.
 *
 * @param run the run
 * @param checkpoint how the command line names its dense model
 * @param model sizes of the dense model, if it is at hand
 * @param calibration the calibration's protocol in words; empty for methods without
 * @param calibrationText where its text lies, if that is known
 * @param orders how its numbers were asked for, as far as that is known
 */
public record Reproduction(
    Run run,
    String checkpoint,
    Optional<PrunableModel> model,
    String calibration,
    Optional<Path> calibrationText,
    Orders orders) {
  /** How the command line names the sample model, which brings its own texts. */
  public static final String SAMPLE = "sample";

  private static final String ALLOCATOR = "allocator";

  /** As {@link org.espalier.corpus.Calibration#description} words it. */
  private static final Pattern CALIBRATION =
      Pattern.compile(
          "(\\d+) windows of (\\d+) tokens(?: drawn from |, the first of )(.+?)(?:, seed"
              + " (-?\\d+))?");

  /** The sample model brings texts of its own, which the command line finds by itself. */
  private boolean isForeign(Path text) {
    return !text.startsWith(run.checkpoint());
  }

  private boolean isSample() {
    return checkpoint.equals(SAMPLE);
  }

  /** Lines for a shell. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.addAll(prune());
    run.recoveredFrom()
        .ifPresent(
            from ->
                lines.add(
                    "# then trained on "
                        + from.text()
                        + " with 'espalier recover': "
                        + from.settings()));
    EvaluationCommands evaluations = evaluations();
    for (PerplexityResult result : run.perplexities()) {
      lines.add("# " + result.protocol().description());
      lines.add(evaluations.command(result.protocol()));
    }
    for (TaskResult result : run.tasks()) {
      lines.add(evaluations.command(result.protocol()));
    }
    run.speed().ifPresent(speed -> lines.add(evaluations.command(speed.pruned())));
    return lines;
  }

  private List<String> prune() {
    List<String> lines = new ArrayList<>();
    StringBuilder command = command("prune", checkpoint).append(option("--method", run.method()));
    new TreeMap<>(run.parameters())
        .forEach(
            (name, value) ->
                command.append(
                    name.equals(ALLOCATOR)
                        ? option("--allocator", value)
                        : option("--param", name + "=" + value)));
    command.append(option("--ratio", Double.toString(run.target().ratio())));
    command.append(option("--ratio-of", run.target().of().label()));
    Matcher words = CALIBRATION.matcher(calibration);
    if (words.matches()) {
      if (!isSample() || calibrationText.filter(this::isForeign).isPresent()) {
        String text = calibrationText.map(Path::toString).orElse(words.group(3));
        if (calibrationText.isEmpty()) {
          lines.add("# where " + text + " lies is not known here; give its folder");
        }
        command.append(option("--calibration", text));
      }
      command.append(option("--samples", words.group(1)));
      command.append(option("--calibration-window", words.group(2)));
      if (words.group(4) != null) {
        command.append(option("--seed", words.group(4)));
      }
    } else if (!calibration.isEmpty()) {
      lines.add("# calibrated on " + calibration);
    }
    locks().forEach(lock -> command.append(option("--lock", lock)));
    if (!run.locks().picked().isEmpty() || (!run.locks().isEmpty() && model.isEmpty())) {
      lines.add("# with locks or units picked by hand; the run's plan.json lists what is kept");
    }
    lines.add(command.append(option("--name", run.name())).toString());
    return lines;
  }

  private List<String> locks() {
    List<String> locks = new ArrayList<>();
    if (model.isPresent()) {
      for (Map.Entry<SubLayer, Hold> hold : run.locks().holds().entrySet()) {
        SubLayer subLayer = hold.getKey();
        double units = model.get().units(subLayer);
        locks.add(
            String.format(
                Locale.ROOT,
                "%d:%s=%.6g",
                subLayer.block(),
                subLayer.kind() == SubLayerKind.ATTENTION ? "attention" : "feedForward",
                1 - hold.getValue().keptUnits() / units));
      }
    }
    return locks;
  }

  private EvaluationCommands evaluations() {
    return new EvaluationCommands(run.name(), isSample(), orders);
  }

  static StringBuilder command(String name, String argument) {
    return new StringBuilder("espalier ").append(name).append(' ').append(quoted(argument));
  }

  static String option(String name, String value) {
    return " " + name + " " + quoted(value);
  }

  /** A word as a shell takes it. */
  public static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=,+@%-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
