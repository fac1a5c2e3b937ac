package org.espalier.export.gguf;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys and values at the start of a GGUF file, in order. Values are String, Integer (unsigned
 * in the file), Float, Boolean, and lists of String, Integer (signed in the file) or Float.
 */
public final class GgufMetadata {
  private final Map<String, Object> values = new LinkedHashMap<>();

  public GgufMetadata put(String key, String value) {
    return add(key, value);
  }

  /** An unsigned 32-bit number. */
  public GgufMetadata put(String key, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(key + " cannot be " + value);
    }
    return add(key, value);
  }

  public GgufMetadata put(String key, float value) {
    return add(key, value);
  }

  public GgufMetadata put(String key, boolean value) {
    return add(key, value);
  }

  public GgufMetadata putStrings(String key, List<String> value) {
    return add(key, List.copyOf(value));
  }

  /** Signed 32-bit numbers. */
  public GgufMetadata putIntegers(String key, List<Integer> value) {
    return add(key, List.copyOf(value));
  }

  public GgufMetadata putFloats(String key, List<Float> value) {
    return add(key, List.copyOf(value));
  }

  /** All keys and values of another one after these. */
  public GgufMetadata putAll(GgufMetadata other) {
    other.values.forEach(this::add);
    return this;
  }

  GgufMetadata add(String key, Object value) {
    if (values.putIfAbsent(key, value) != null) {
      throw new IllegalArgumentException(key + " is given twice");
    }
    return this;
  }

  public Map<String, Object> values() {
    return Collections.unmodifiableMap(values);
  }

  public Optional<Object> get(String key) {
    return Optional.ofNullable(values.get(key));
  }
}
