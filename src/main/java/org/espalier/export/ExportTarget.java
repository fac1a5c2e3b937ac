package org.espalier.export;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.espalier.allocation.WidthConstraint;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.transformer.DecoderConfig;

/** A form in which a pruned model can leave the program. Registered in {@link ExportTargets}. */
public interface ExportTarget {
  /** As in {@code --target name}. */
  String name();

  /** For people. */
  String title();

  /** What it holds and which programs open it. */
  String description();

  /** Whether blocks may have different widths. */
  boolean holdsAnyWidths();

  /** How it can store weights; the first one is proposed. */
  List<WeightFormat> formats();

  /**
   * Which widths a pruned model may have to fit, for an allocation made with the target in mind.
   *
   * @param config of the model before it is pruned
   * @param compensated whether pruning adds biases to the outputs of sub-layers
   * @param channelMultiple of what number of channels kernels want multiples; 1 for none
   * @throws EspalierException if the target cannot hold such a model in any widths
   */
  WidthConstraint constraint(DecoderConfig config, boolean compensated, int channelMultiple);

  /** Why this target cannot hold the model and what to choose instead; empty if it can. */
  Optional<String> refusal(ModelOutline model);

  /**
   * Why this target cannot carry over what lies beside the weights, its tokenizer above all, and
   * what to do; empty if it can.
   */
  default Optional<String> refusalOfCompanions(Checkpoint source, DecoderConfig config) {
    return Optional.empty();
  }

  /** What opens an export; the finished one may name options that its model needs. */
  LoadSnippet loadSnippet();

  /**
   * Writes the model. What is written is read back and its logits on eight tokens are held against
   * those of the model before anything appears under the final name.
   *
   * @throws EspalierException if the target cannot hold the model, the folder may not be written,
   *     or the check fails; nothing is left behind then
   */
  ExportReport export(PrunedModel model, ExportOptions options, Progress progress);

  /**
   * @throws EspalierException if the target cannot hold the model
   */
  default void require(ModelOutline model) {
    refusal(model)
        .ifPresent(
            reason -> {
              throw new EspalierException(reason);
            });
  }

  /**
   * @throws EspalierException if the target cannot hold the model, or not in this format
   */
  default void require(ModelOutline model, WeightFormat format) {
    require(model);
    if (!formats().contains(format)) {
      throw new EspalierException(
          "The target "
              + name()
              + " stores weights as "
              + formats().stream().map(WeightFormat::name).collect(Collectors.joining(", "))
              + ", not as "
              + format
              + "; choose one of these or another target.");
    }
  }
}
