package org.espalier.torch;

import ai.djl.ndarray.NDManager;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the native arrays that are alive. Nothing native is ever freed by garbage collection, so a
 * count that does not return to where it was is a leak.
 */
public final class LiveArrays {
  private static final Set<NDManager> OWNERS = Collections.newSetFromMap(new ConcurrentHashMap<>());

  private static final AtomicInteger DICTIONARIES = new AtomicInteger();

  private LiveArrays() {}

  /** Arrays owned by all open scopes and stores of this process, and open dictionaries of them. */
  public static int count() {
    return OWNERS.stream().mapToInt(owner -> owner.getManagedArrays().size()).sum()
        + DICTIONARIES.get();
  }

  static void dictionaryOpened() {
    DICTIONARIES.incrementAndGet();
  }

  static void dictionaryClosed() {
    DICTIONARIES.decrementAndGet();
  }

  static void watch(NDManager owner) {
    OWNERS.add(owner);
  }

  static void forget(NDManager owner) {
    OWNERS.remove(owner);
  }
}
