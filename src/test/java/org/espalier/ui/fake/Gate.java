package org.espalier.ui.fake;

import java.util.function.BooleanSupplier;

/** Holds every fake job at its next step while closed, so that tests need no timing. */
public final class Gate {
  private boolean open = true;
  private int waiting;

  public synchronized void close() {
    open = false;
  }

  public synchronized void open() {
    open = true;
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
      while (!open && !stop.getAsBoolean()) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiting--;
    }
  }
}
