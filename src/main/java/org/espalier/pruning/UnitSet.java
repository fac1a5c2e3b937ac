package org.espalier.pruning;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/** An immutable set of unit indices, printed as ranges ({@code 0-3,5}). */
public final class UnitSet {
  private final int[] indices;

  private UnitSet(int[] sorted) {
    this.indices = sorted;
  }

  /** All of {@code 0 .. count-1}. */
  public static UnitSet all(int count) {
    return new UnitSet(IntStream.range(0, count).toArray());
  }

  /** The given indices in any order; each at most once and not negative. */
  public static UnitSet of(int... indices) {
    int[] sorted = indices.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < sorted.length; i++) {
      if (sorted[i] < 0 || (i > 0 && sorted[i] == sorted[i - 1])) {
        throw new IllegalArgumentException("index " + sorted[i] + " is negative or given twice");
      }
    }
    return new UnitSet(sorted);
  }

  /**
   * Reads ranges.
   *
   * @param text as {@link #toString} prints it
   * @param count number of units there are; larger indices are refused
   * @throws IllegalArgumentException if the text is not such a list
   */
  public static UnitSet parse(String text, int count) {
    BitSet set = new BitSet(count);
    if (!text.isBlank()) {
      for (String part : text.split(",", -1)) {
        int dash = part.indexOf('-');
        int first;
        int last;
        try {
          first = Integer.parseInt(dash < 0 ? part.trim() : part.substring(0, dash).trim());
          last = dash < 0 ? first : Integer.parseInt(part.substring(dash + 1).trim());
        } catch (NumberFormatException e) {
          throw new IllegalArgumentException("'" + part + "' is not a range of units", e);
        }
        if (first < 0 || last < first || last >= count) {
          throw new IllegalArgumentException(
              "'" + part + "' is not a range within 0 to " + (count - 1));
        }
        if (set.nextSetBit(first) >= 0 && set.nextSetBit(first) <= last) {
          throw new IllegalArgumentException("'" + part + "' repeats a unit");
        }
        set.set(first, last + 1);
      }
    }
    return new UnitSet(set.stream().toArray());
  }

  public int size() {
    return indices.length;
  }

  public boolean isEmpty() {
    return indices.length == 0;
  }

  public boolean contains(int index) {
    return Arrays.binarySearch(indices, index) >= 0;
  }

  /** Ascending; a copy. */
  public int[] toArray() {
    return indices.clone();
  }

  /** Those of {@code 0 .. count-1} that are not in this set. */
  public UnitSet complement(int count) {
    return new UnitSet(IntStream.range(0, count).filter(i -> !contains(i)).toArray());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UnitSet set && Arrays.equals(indices, set.indices);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(indices);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < indices.length; ) {
      int end = i;
      while (end + 1 < indices.length && indices[end + 1] == indices[end] + 1) {
        end++;
      }
      text.append(text.isEmpty() ? "" : ",").append(indices[i]);
      if (end > i) {
        text.append('-').append(indices[end]);
      }
      i = end + 1;
    }
    return text.toString();
  }
}
