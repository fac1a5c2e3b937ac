package org.espalier.ui.allocation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Undo and redo of a value's edits. Edits of one gesture (a drag) share a key and count as one
 * until the gesture is closed.
 */
final class EditHistory<T> {
  /** A step that can be taken back. */
  record Step<T>(String description, T before, T after) {}

  private final Deque<Step<T>> done = new ArrayDeque<>();
  private final Deque<Step<T>> undone = new ArrayDeque<>();
  private String openGesture = "";

  void edited(String gesture, String description, T before, T after) {
    undone.clear();
    if (!gesture.isEmpty() && gesture.equals(openGesture) && !done.isEmpty()) {
      Step<T> first = done.pop();
      done.push(new Step<>(description, first.before(), after));
    } else {
      done.push(new Step<>(description, before, after));
    }
    openGesture = gesture;
  }

  void closeGesture() {
    openGesture = "";
  }

  Optional<Step<T>> lastDone() {
    return Optional.ofNullable(done.peek());
  }

  Optional<Step<T>> lastUndone() {
    return Optional.ofNullable(undone.peek());
  }

  Optional<T> undo() {
    closeGesture();
    Step<T> step = done.poll();
    if (step == null) {
      return Optional.empty();
    }
    undone.push(step);
    return Optional.of(step.before());
  }

  Optional<T> redo() {
    closeGesture();
    Step<T> step = undone.poll();
    if (step == null) {
      return Optional.empty();
    }
    done.push(step);
    return Optional.of(step.after());
  }

  void clear() {
    done.clear();
    undone.clear();
    closeGesture();
  }
}
