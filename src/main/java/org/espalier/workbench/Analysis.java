package org.espalier.workbench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Allocator;
import org.espalier.allocation.Budget;
import org.espalier.allocation.ConstrainedAllocator;
import org.espalier.allocation.HandPickedAllocator;
import org.espalier.allocation.Locks;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.Target;
import org.espalier.allocation.WidthConstraint;
import org.espalier.importance.HiddenScores;
import org.espalier.importance.ImportanceMap;
import org.espalier.importance.SubLayerScore;
import org.espalier.importance.SubLayerScores;
import org.espalier.pruning.MethodDescription;
import org.espalier.task.EspalierException;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * Measured once: answers every target and every set of locks within one frame.
 *
 * @param subLayers empty for methods that judge units only
 * @param hidden scores of the residual stream's channels, where those go instead of units
 * @param addsBiases whether every sub-layer that loses units gets an output bias
 * @param calibration the calibration's protocol in words ("128 windows of 128 tokens of ..., seed
 *     0"); empty for methods without
 */
public record Analysis(
    OpenedCheckpoint checkpoint,
    AnalysisRequest request,
    MethodDescription method,
    ImportanceMap importance,
    SubLayerScores subLayers,
    Optional<HiddenScores> hidden,
    Allocator allocator,
    boolean addsBiases,
    String calibration) {
  /** Of a method that removes units. */
  public Analysis(
      OpenedCheckpoint checkpoint,
      AnalysisRequest request,
      MethodDescription method,
      ImportanceMap importance,
      SubLayerScores subLayers,
      Allocator allocator,
      boolean addsBiases,
      String calibration) {
    this(
        checkpoint,
        request,
        method,
        importance,
        subLayers,
        Optional.empty(),
        allocator,
        addsBiases,
        calibration);
  }

  /**
   * How many units each sub-layer keeps for a target, around locks; answers within a frame.
   *
   * @throws org.espalier.allocation.InfeasibleTargetException if the locks leave no way
   */
  public Allocation allocate(Target target, Locks locks) {
    return new HandPickedAllocator(checkpoint.model(), allocator).allocate(target, locks);
  }

  /** What a person should know about an answer whose steps are coarser than single units. */
  public Optional<String> remark(Target target, Allocation answer) {
    return allocator.remark(target, answer);
  }

  /**
   * The scores as pictures show them: where whole sub-layers stay or go, their units share the
   * score of the whole. What whole sub-layers are judged by is named, too.
   */
  public ImportanceMap picturedImportance() {
    Set<SubLayerKind> whole = EnumSet.noneOf(SubLayerKind.class);
    Arrays.stream(SubLayerKind.values()).filter(allocator::takesWhole).forEach(whole::add);
    if (subLayers.isEmpty()) {
      return importance;
    }
    String units = importance.statistic();
    String wholes = subLayers.statistic();
    String statistic =
        switch (whole.size()) {
          case 0 -> units + "; " + subLayers.symbol() + ": " + wholes;
          case 1 -> "attention: " + wholes + "; channels: " + units;
          default -> wholes;
        };
    return new ImportanceMap(
        statistic,
        pictured(SubLayerKind.ATTENTION, whole.contains(SubLayerKind.ATTENTION)),
        pictured(SubLayerKind.FEED_FORWARD, whole.contains(SubLayerKind.FEED_FORWARD)));
  }

  private List<double[]> pictured(SubLayerKind kind, boolean whole) {
    List<double[]> blocks = new ArrayList<>();
    for (int block = 0; block < importance.blocks(); block++) {
      SubLayer subLayer = new SubLayer(block, kind);
      double[] scores = importance.scores(subLayer);
      Optional<SubLayerScore> shared = subLayers.of(subLayer);
      if (whole && shared.isPresent()) {
        double[] same = new double[scores.length];
        Arrays.fill(same, shared.get().score());
        blocks.add(same);
      } else {
        blocks.add(scores);
      }
    }
    return blocks;
  }

  /**
   * What an allocation of this analysis takes.
   *
   * @param context tokens before the decoded one
   */
  public Budget budget(Allocation allocation, int context) {
    return Budget.of(allocation, checkpoint.costs(), context, addsBiases);
  }

  /** What widths answers may have. */
  public WidthConstraint constraint() {
    return allocator instanceof ConstrainedAllocator known
        ? known.constraint()
        : WidthConstraint.NONE;
  }

  /** The same analysis with answers that know no constraint. */
  public Analysis free() {
    return constrained(Destination.ANYWHERE, WidthConstraint.NONE);
  }

  /**
   * The same analysis with answers that a constraint allows, in place of an earlier one.
   *
   * @param destination what asks for it
   */
  public Analysis constrained(Destination destination, WidthConstraint constraint) {
    Allocator free = allocator instanceof ConstrainedAllocator known ? known.free() : allocator;
    return new Analysis(
        checkpoint,
        request.runningOn(destination),
        method,
        importance,
        subLayers,
        hidden,
        constraint.isNone() ? free : new ConstrainedAllocator(checkpoint.model(), free, constraint),
        addsBiases,
        calibration);
  }

  /**
   * What a search settled on, or the answer it began with where a constraint forbids the result.
   *
   * @throws EspalierException if it forbids both
   */
  Allocation allowed(Allocation settled, Allocation begun) {
    PrunableModel model = checkpoint.model();
    if (constraint().refusal(model, settled).isEmpty()) {
      return settled;
    }
    constraint()
        .refusal(model, begun)
        .ifPresent(
            reason -> {
              throw new EspalierException(
                  reason + " The method's own search leads there; choose another method.");
            });
    return begun;
  }
}
