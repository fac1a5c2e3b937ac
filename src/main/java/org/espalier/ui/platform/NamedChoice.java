package org.espalier.ui.platform;

import java.util.function.Function;
import javafx.util.StringConverter;

/** Words for the lines of a list that are chosen, never typed. */
public final class NamedChoice<T> extends StringConverter<T> {
  private final Function<? super T, String> name;

  /**
   * @param name of a line; never asked for one that is absent
   */
  public NamedChoice(Function<? super T, String> name) {
    this.name = name;
  }

  @Override
  public String toString(T choice) {
    return choice == null ? "" : name.apply(choice);
  }

  @Override
  public T fromString(String typed) {
    throw new UnsupportedOperationException("the list is not editable");
  }
}
