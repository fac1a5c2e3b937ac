package org.espalier.ui.fake;

import java.time.Duration;
import org.espalier.ui.platform.UiExecutor;

/** Runs everything at once on the calling thread. */
public final class ImmediateExecutor implements UiExecutor {
  @Override
  public void onUi(Runnable action) {
    action.run();
  }

  @Override
  public void onUiAfter(Duration delay, Runnable action) {
    action.run();
  }

  @Override
  public void inBackground(Runnable work) {
    work.run();
  }
}
