package org.espalier.workbench;

/**
 * State of the tensor engine, for people.
 *
 * @param detail what it is doing, its version once ready, or why it failed and what to do
 */
public record EngineStatus(State state, String detail) {
  /** Where the engine stands. */
  public enum State {
    STARTING,
    UNPACKING,
    READY,
    FAILED
  }
}
