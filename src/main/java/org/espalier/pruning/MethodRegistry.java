package org.espalier.pruning;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.task.EspalierException;

/** The methods that the program offers; a new one is one more entry here. */
public final class MethodRegistry {
  private final Map<String, Method> methods = new LinkedHashMap<>();

  public MethodRegistry(List<Method> methods) {
    for (Method method : methods) {
      if (this.methods.put(method.description().name(), method) != null) {
        throw new IllegalArgumentException("two methods named " + method.description().name());
      }
    }
  }

  /** All built-in methods. */
  public static MethodRegistry standard() {
    return new MethodRegistry(
        List.of(
            new Flap(),
            new TransferEntropy(),
            new SecondOrder(),
            new LlmPruner(),
            new SlimLlm(),
            new ShortGpt(),
            new TwoStage(),
            new AdaPruner(),
            new WandaStructured(),
            new Magnitude(),
            new RandomUnits()));
  }

  public List<MethodDescription> descriptions() {
    return methods.values().stream().map(Method::description).toList();
  }

  /**
   * A method by its name.
   *
   * @throws EspalierException if there is none of that name
   */
  public Method get(String name) {
    Method method = methods.get(name);
    if (method == null) {
      throw new EspalierException(
          "There is no method '%s': choose one of %s."
              .formatted(name, String.join(", ", methods.keySet())));
    }
    return method;
  }
}
