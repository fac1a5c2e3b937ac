package org.espalier.ui.preferences;

import javafx.collections.ObservableList;
import org.espalier.workbench.DeviceOption;

/** The devices that there are and the one that is preferred. */
public interface DeviceChoice {
  /** Known once the engine is ready. */
  ObservableList<DeviceOption> devices();

  /** Name of the preferred one. */
  String device();

  /** Name, free memory or what is missing. */
  String describe(DeviceOption option);

  /** Prefers another one and moves there what is open. */
  void choose(DeviceOption option);
}
