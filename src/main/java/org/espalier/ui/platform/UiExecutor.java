package org.espalier.ui.platform;

import java.time.Duration;

/**
 * Hands work over between the UI thread and the background, so that view models never name the
 * toolkit.
 */
public interface UiExecutor {
  /** Runs the action on the UI thread, later; callable from any thread. */
  void onUi(Runnable action);

  /** Runs the action on the UI thread once a time has passed; callable from any thread. */
  void onUiAfter(Duration delay, Runnable action);

  /** Runs the work off the UI thread; pieces of work may overlap. */
  void inBackground(Runnable work);
}
