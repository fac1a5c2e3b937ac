package org.espalier.torch;

import java.util.Optional;

/**
 * Where the tensor engine stands, in words for people.
 *
 * @param message one sentence
 * @param remedy what the user can do about a failure; empty in every other phase
 */
public record EngineState(Phase phase, String message, Optional<String> remedy) {
  /** Phases in the order in which a start passes through them. */
  public enum Phase {
    /** Nothing was asked of the engine yet. */
    IDLE,
    /** The native library is being unpacked to the cache; happens once per machine. */
    UNPACKING,
    /** The native library is being loaded and its kernels are compiled and proved. */
    STARTING,
    /** Ready for work. */
    READY,
    /** Cannot be used until the program is started again. */
    FAILED
  }

  static EngineState of(Phase phase, String message) {
    return new EngineState(phase, message, Optional.empty());
  }

  static EngineState failed(String message, String remedy) {
    return new EngineState(Phase.FAILED, message, Optional.of(remedy));
  }
}
