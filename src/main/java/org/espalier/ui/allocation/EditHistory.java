package org.espalier.ui.allocation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Undo and redo of a value's edits, as the list of all values since the beginning and a position in
 * it. Edits of one gesture (a drag) share a key and count as one until the gesture is closed.
 */
final class EditHistory<T> {
  /** An edit in words and the value after it; the beginning has no words. */
  record Step<T>(String description, T after) {}

  /** The oldest give way: every step is kept with the session. */
  static final int STEPS_AT_MOST = 500;

  private final List<Step<T>> steps = new ArrayList<>();
  private int position;
  private String openGesture = "";

  EditHistory(T start) {
    steps.add(new Step<>("", start));
  }

  void edited(String gesture, String description, T after) {
    steps.subList(position + 1, steps.size()).clear();
    if (position > 0 && !gesture.isEmpty() && gesture.equals(openGesture)) {
      steps.set(position, new Step<>(description, after));
    } else {
      steps.add(new Step<>(description, after));
      position++;
      if (steps.size() > STEPS_AT_MOST) {
        steps.remove(0);
        position--;
      }
    }
    openGesture = gesture;
  }

  void closeGesture() {
    openGesture = "";
  }

  /** From the beginning to the newest edit, undone ones included. */
  List<Step<T>> steps() {
    return List.copyOf(steps);
  }

  /** Which step holds the present value. */
  int position() {
    return position;
  }

  /** Goes to a step, forwards or backwards. */
  T moveTo(int step) {
    closeGesture();
    position = Math.max(0, Math.min(steps.size() - 1, step));
    return steps.get(position).after();
  }

  Optional<Step<T>> undoable() {
    return position == 0 ? Optional.empty() : Optional.of(steps.get(position));
  }

  Optional<Step<T>> redoable() {
    return position + 1 == steps.size() ? Optional.empty() : Optional.of(steps.get(position + 1));
  }

  void startOver(T start) {
    resume(List.of(new Step<>("", start)), 0);
  }

  void resume(List<Step<T>> known, int at) {
    steps.clear();
    steps.addAll(known);
    position = at;
    closeGesture();
  }
}
