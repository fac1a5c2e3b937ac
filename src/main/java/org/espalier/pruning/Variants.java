package org.espalier.pruning;

import java.util.List;
import org.espalier.allocation.Rounding;
import org.espalier.allocation.SubLayerRemoval;

/** Parameters that methods with published code share. */
final class Variants {
  static final MethodParameter PARAMETER =
      MethodParameter.choice(
          "variant",
          "The published code with its quirks and its own rounding (official), or the sound form"
              + " that hits the target (corrected).",
          "corrected",
          List.of("corrected", "official"));

  static final MethodParameter COMPENSATION =
      MethodParameter.choice(
          "compensation",
          "Whether the mean output of removed units is added as a bias.",
          "true",
          List.of("true", "false"));

  static final MethodParameter REMOVE_SUB_LAYERS =
      MethodParameter.choice(
          "removeSubLayers",
          "Whether a sub-layer may lose all its units; auto allows it in the official variant, as"
              + " the published code does.",
          "auto",
          List.of("auto", "true", "false"));

  private Variants() {}

  static MethodParameter withDefault(MethodParameter parameter, String value) {
    return new MethodParameter(parameter.name(), parameter.description(), value, parameter.range());
  }

  static boolean isOfficial(ParameterValues parameters) {
    return parameters.text(PARAMETER.name()).equals("official");
  }

  static Compensator compensator(ParameterValues parameters) {
    return MeanCompensator.when(parameters.flag(COMPENSATION.name()));
  }

  static Rounding rounding(ParameterValues parameters) {
    return isOfficial(parameters) ? Rounding.OFFICIAL : Rounding.CORRECTED;
  }

  static SubLayerRemoval removal(ParameterValues parameters) {
    return switch (parameters.text(REMOVE_SUB_LAYERS.name())) {
      case "true" -> SubLayerRemoval.ALLOWED;
      case "false" -> SubLayerRemoval.FORBIDDEN;
      default -> isOfficial(parameters) ? SubLayerRemoval.ALLOWED : SubLayerRemoval.FORBIDDEN;
    };
  }
}
