package org.espalier.pruning;

/** A named recipe with parameters; registered in {@link MethodRegistry}. */
public interface Method {
  MethodDescription description();

  /**
   * The recipe for given parameter values.
   *
   * @throws org.espalier.task.EspalierException if a value makes no sense
   */
  Recipe recipe(ParameterValues parameters);
}
