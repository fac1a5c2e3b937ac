package org.espalier.pruning;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.espalier.task.EspalierException;

/** A method's parameters, defaults filled in, names and ranges checked. */
public final class ParameterValues {
  private static final int MOST_SHOWN = 40;

  private final Map<String, String> values;

  private ParameterValues(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Checks values and fills in defaults.
   *
   * @param given values that differ from the defaults
   * @throws EspalierException if a name is unknown or a value is not in its range
   */
  public static ParameterValues of(MethodDescription method, Map<String, String> given) {
    Map<String, String> values = new LinkedHashMap<>();
    for (MethodParameter parameter : method.parameters()) {
      values.put(parameter.name(), parameter.defaultValue());
    }
    given.forEach(
        (name, value) -> {
          MethodParameter parameter =
              method.parameters().stream()
                  .filter(candidate -> candidate.name().equals(name))
                  .findFirst()
                  .orElseThrow(() -> unknown(method, name));
          String stripped = value.strip();
          if (!parameter.range().contains(stripped)) {
            throw new EspalierException(
                "Parameter %s of method %s must be %s, not '%s'."
                    .formatted(name, method.name(), parameter.range().words(), shortened(value)));
          }
          values.put(name, stripped);
        });
    return new ParameterValues(values);
  }

  private static EspalierException unknown(MethodDescription method, String name) {
    return new EspalierException(
        method.parameters().isEmpty()
            ? "Method %s has no parameters, so '%s' cannot be set.".formatted(method.name(), name)
            : "Method %s has no parameter '%s': it has %s."
                .formatted(
                    method.name(),
                    name,
                    String.join(
                        ", ", method.parameters().stream().map(MethodParameter::name).toList())));
  }

  public Map<String, String> asMap() {
    return Map.copyOf(values);
  }

  public String text(String name) {
    return values.get(name);
  }

  public boolean flag(String name) {
    return Boolean.parseBoolean(values.get(name));
  }

  /** A parameter as a whole number; its range was checked. */
  public long whole(String name) {
    return Long.parseLong(values.get(name));
  }

  /** A parameter as a whole number whose range ends before 2 to the 31st. */
  public int count(String name) {
    return Integer.parseInt(values.get(name));
  }

  /** The same; empty where it is left to the method. */
  public OptionalInt countUnlessAuto(String name) {
    return isAuto(name) ? OptionalInt.empty() : OptionalInt.of(count(name));
  }

  /** A parameter as a number; its range was checked. */
  public double real(String name) {
    return Double.parseDouble(values.get(name));
  }

  /** The same; empty where it is left to the method. */
  public OptionalDouble realUnlessAuto(String name) {
    return isAuto(name) ? OptionalDouble.empty() : OptionalDouble.of(real(name));
  }

  private boolean isAuto(String name) {
    return values.get(name).equals(ParameterRange.AUTO);
  }

  /** Enough of a value to know it by. */
  private static String shortened(String value) {
    return value.length() <= MOST_SHOWN ? value : value.substring(0, MOST_SHOWN) + "…";
  }
}
