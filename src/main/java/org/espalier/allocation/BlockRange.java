package org.espalier.allocation;

/**
 * Consecutive blocks.
 *
 * @param first index of the first one
 * @param end index behind the last one
 */
public record BlockRange(int first, int end) {
  public BlockRange {
    if (first < 0 || end <= first) {
      throw new IllegalArgumentException("no blocks from " + first + " to before " + end);
    }
  }

  public boolean contains(int block) {
    return block >= first && block < end;
  }

  /** For people: "blocks 4 to 29". */
  public String label() {
    return end == first + 1 ? "block " + first : "blocks " + first + " to " + (end - 1);
  }
}
