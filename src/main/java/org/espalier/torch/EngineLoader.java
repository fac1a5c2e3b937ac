package org.espalier.torch;

import ai.djl.ndarray.NDManager;

/** Brings the engine up; a seam so that the runtime's states can be tested without one. */
interface EngineLoader {
  /** Whether the native library lies in the cache already. */
  boolean unpacked();

  /** What a person reads while the native library is brought to the cache. */
  String unpackingMessage();

  /** Loads the native library and returns the manager under which every array will live. */
  NDManager load();

  /** Compiles and proves the kernels on the calling thread. */
  void prove();
}
