package org.espalier.ui.platform;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

/**
 * A text that grows by pieces from a job's thread; many pieces cost one change of the window.
 * Pieces of an earlier stream are dropped once another one began.
 */
public final class StreamedText {
  private final UiExecutor executor;
  private final ReadOnlyStringWrapper shown = new ReadOnlyStringWrapper("");
  private Stream newest;

  public StreamedText(UiExecutor executor) {
    this.executor = executor;
  }

  public ReadOnlyStringProperty text() {
    return shown.getReadOnlyProperty();
  }

  /** Empties the text; the returned stream may be told pieces by any thread. */
  public Stream begin() {
    newest = new Stream();
    shown.set("");
    return newest;
  }

  /** Shows a whole text; what still streams is dropped. */
  public void show(String whole) {
    newest = null;
    shown.set(whole);
  }

  /** Where the pieces go. */
  public final class Stream implements Consumer<String> {
    private final StringBuilder text = new StringBuilder();
    private final AtomicBoolean waiting = new AtomicBoolean();

    private Stream() {}

    @Override
    public void accept(String piece) {
      synchronized (text) {
        text.append(piece);
      }
      if (waiting.compareAndSet(false, true)) {
        executor.onUi(this::show);
      }
    }

    private void show() {
      waiting.set(false);
      if (newest == this) {
        synchronized (text) {
          shown.set(text.toString());
        }
      }
    }

    /** Shows what the job gave in the end; on the UI thread. */
    public void finish(String whole) {
      if (newest == this) {
        shown.set(whole);
      }
    }
  }
}
