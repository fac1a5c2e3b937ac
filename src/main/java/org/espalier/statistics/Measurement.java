package org.espalier.statistics;

import java.util.Set;

/** What can be measured on a dense model and kept in the {@link StatisticsCache}. */
public interface Measurement {
  /** Name and version: part of the cache key, so it changes when the numbers would. */
  String id();

  /** Names of the vectors it measures, each for every sub-layer that has units. */
  Set<String> names();

  /** False when it reads weights only, so that no text is needed. */
  boolean readsActivations();

  /** True when the numbers belong to one device, as times do. */
  default boolean dependsOnDevice() {
    return false;
  }
}
