package org.espalier.corpus;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A sketch of a text, small enough to keep, that tells how much of another text it shares: the
 * smallest hashes of all its runs of tokens (bottom-k sampling; Broder, On the resemblance and
 * containment of documents, 1997).
 *
 * @param source name of the text
 * @param run tokens of one run
 * @param limit hashes above it were dropped
 * @param hashes of the runs that were kept, ascending
 */
public record TextFingerprint(String source, int run, long limit, List<Long> hashes) {
  /** Long enough that runs hardly agree by chance, also where a token is a character. */
  private static final int RUN = 50;

  /** Shorter runs say nothing. */
  private static final int SHORTEST_RUN = 8;

  private static final int MOST_HASHES = 4096;

  public TextFingerprint {
    hashes = List.copyOf(hashes);
  }

  /** The fingerprint of token windows. */
  public static TextFingerprint of(String source, TokenWindows windows) {
    int run = Math.min(RUN, windows.length());
    TreeSet<Long> smallest = new TreeSet<>();
    long limit = Long.MAX_VALUE;
    if (run >= SHORTEST_RUN) {
      for (int window = 0; window < windows.count(); window++) {
        for (long hash : runs(windows.window(window), run)) {
          if (hash <= limit && smallest.add(hash) && smallest.size() > MOST_HASHES) {
            smallest.pollLast();
            limit = smallest.last();
          }
        }
      }
    }
    return new TextFingerprint(source, run, limit, List.copyOf(smallest));
  }

  /**
   * Share of the runs of token windows that are in this text too, 0 to 1; an estimate where this
   * text is long. 0 where the windows are too short to tell.
   */
  public double shareOf(TokenWindows windows) {
    return shareOf(Arrays.asList(windows.toArray()));
  }

  /** As {@link #shareOf(TokenWindows)}, for texts of any lengths; too short ones do not count. */
  public double shareOf(List<int[]> texts) {
    if (hashes.isEmpty()) {
      return 0;
    }
    Set<Long> known = new HashSet<>(hashes);
    long seen = 0;
    long shared = 0;
    for (int[] ids : texts) {
      for (long hash : ids.length < run ? new long[0] : runs(ids, run)) {
        if (hash <= limit) {
          seen++;
          if (known.contains(hash)) {
            shared++;
          }
        }
      }
    }
    return seen == 0 ? 0 : (double) shared / seen;
  }

  /** A well-mixed hash for every run of neighbouring ids. */
  private static long[] runs(int[] ids, int run) {
    long[] hashes = new long[ids.length - run + 1];
    Arrays.setAll(
        hashes,
        start -> {
          long hash = 0;
          for (int i = start; i < start + run; i++) {
            hash = mix(hash * 31 + ids[i] + 1);
          }
          return hash;
        });
    return hashes;
  }

  /** The finaliser of MurmurHash3. */
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
