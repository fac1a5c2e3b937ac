package org.espalier.report.heatmap;

import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * The words in the picture; counts come written out.
 *
 * @param headGroups from a count
 * @param headGroupsShort the same where there is little room
 * @param channels from a count
 * @param channelsInBins from a count of channels and one of bins
 * @param keptShort for feed-forward where there is little room
 */
public record EspalierWording(
    String block,
    String attentionKept,
    UnaryOperator<String> headGroups,
    UnaryOperator<String> headGroupsShort,
    UnaryOperator<String> channels,
    BinaryOperator<String> channelsInBins,
    String feedForwardKept,
    String keptShort,
    String removed) {
  /** For files. */
  static final EspalierWording ENGLISH =
      new EspalierWording(
          "block",
          "attention kept",
          count -> count + " head groups",
          count -> count + " groups",
          count -> count + " channels",
          (count, bins) -> count + " channels (" + bins + " bins)",
          "feed-forward kept",
          "kept",
          "removed");
}
