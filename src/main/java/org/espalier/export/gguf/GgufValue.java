package org.espalier.export.gguf;

import java.util.List;
import java.util.Optional;

/** The kinds of metadata values that are written here, with their numbers in the file. */
enum GgufValue {
  UINT32(4),
  INT32(5),
  FLOAT32(6),
  BOOL(7),
  STRING(8),
  ARRAY(9);

  private final int code;

  GgufValue(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static Optional<GgufValue> ofCode(int code) {
    for (GgufValue value : values()) {
      if (value.code == code) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  static GgufValue of(Object value) {
    if (value instanceof String) {
      return STRING;
    }
    if (value instanceof Integer) {
      return UINT32;
    }
    if (value instanceof Float) {
      return FLOAT32;
    }
    if (value instanceof Boolean) {
      return BOOL;
    }
    if (value instanceof List) {
      return ARRAY;
    }
    throw new IllegalArgumentException("no metadata value: " + value.getClass());
  }

  /** Integers in lists are signed, as llama.cpp expects widths per block to be. */
  static GgufValue ofElements(List<?> elements) {
    GgufValue kind = elements.isEmpty() ? STRING : of(elements.get(0));
    return kind == UINT32 ? INT32 : kind;
  }
}
