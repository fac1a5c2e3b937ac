package org.espalier.workbench;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What happened to a job: its beginning and what came last, so that a long one stays readable.
 * Thread-safe.
 */
final class JobLog {
  private static final int FIRST = 100;
  private static final int LAST = 400;

  private final Clock clock;
  private final List<JobEvent> first = new ArrayList<>();
  private final Deque<JobEvent> last = new ArrayDeque<>();
  private long leftOut;
  private String newest = "";

  JobLog(Clock clock) {
    this.clock = clock;
  }

  /** Notes an event; the same one again says nothing new. */
  synchronized void note(String words) {
    if (words.equals(newest)) {
      return;
    }
    newest = words;
    JobEvent event = new JobEvent(clock.instant(), words);
    if (first.size() < FIRST) {
      first.add(event);
      return;
    }
    last.add(event);
    if (last.size() > LAST) {
      last.remove();
      leftOut++;
    }
  }

  /** Oldest first. */
  synchronized List<JobEvent> events() {
    List<JobEvent> all = new ArrayList<>(first);
    if (leftOut > 0) {
      all.add(
          new JobEvent(last.element().at(), "(" + leftOut + " steps before this are left out)"));
    }
    all.addAll(last);
    return all;
  }
}
