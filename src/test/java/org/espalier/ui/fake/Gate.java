package org.espalier.ui.fake;

import java.util.function.BooleanSupplier;

/** Holds every fake job at its next step while closed, so that tests need no timing. */
public final class Gate {
  private int passesLeft = Integer.MAX_VALUE;
  private int waiting;

  public synchronized void close() {
    passesLeft = 0;
  }

  /** Closes once so many steps have passed. */
  public synchronized void closeAfter(int steps) {
    passesLeft = steps;
  }

  public synchronized void open() {
    passesLeft = Integer.MAX_VALUE;
    notifyAll();
  }

  /** True while some job stands at the gate. */
  public synchronized boolean holdsSomebody() {
    return waiting > 0;
  }

  /** Wakes those waiting so that they look again whether they should stop. */
  synchronized void nudge() {
    notifyAll();
  }

  synchronized void pass(BooleanSupplier stop) {
    waiting++;
    try {
      while (passesLeft == 0 && !stop.getAsBoolean()) {
        wait();
      }
      if (passesLeft < Integer.MAX_VALUE && passesLeft > 0) {
        passesLeft--;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiting--;
    }
  }
}
