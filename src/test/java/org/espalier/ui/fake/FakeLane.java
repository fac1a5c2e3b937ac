package org.espalier.ui.fake;

import java.util.ArrayList;
import java.util.List;

/** Jobs that wait, in an order that can be changed. */
final class FakeLane {
  private final List<FakeJob<?>> waiting = new ArrayList<>();

  synchronized void add(FakeJob<?> job) {
    waiting.add(job);
    tell();
  }

  void runNext() {
    FakeJob<?> next;
    synchronized (this) {
      next = waiting.remove(0);
      tell();
    }
    next.run();
  }

  synchronized void move(FakeJob<?> job, int places) {
    int from = waiting.indexOf(job);
    if (from >= 0) {
      waiting.remove(from);
      waiting.add(Math.max(0, Math.min(waiting.size(), from + places)), job);
      tell();
    }
  }

  private void tell() {
    for (int place = 0; place < waiting.size(); place++) {
      waiting.get(place).waitBehind(place);
    }
  }
}
