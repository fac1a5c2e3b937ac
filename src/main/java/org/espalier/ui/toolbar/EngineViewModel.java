package org.espalier.ui.toolbar;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.platform.UiExecutor;
import org.espalier.ui.preferences.DeviceChoice;
import org.espalier.ui.preferences.UserPreferences;
import org.espalier.ui.session.CheckpointOpening;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.workbench.DeviceOption;
import org.espalier.workbench.EngineStatus;
import org.espalier.workbench.Workbench;

/** State of the engine and the choice of its device. */
public final class EngineViewModel implements DeviceChoice {
  private final Workbench workbench;
  private final JobFollower follower;
  private final Notices notices;
  private final UserPreferences preferences;
  private final CheckpointOpening opening;
  private final Messages messages;
  private final ReadOnlyObjectWrapper<EngineStatus> status = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyStringWrapper text = new ReadOnlyStringWrapper("");
  private final ObservableList<DeviceOption> devices = FXCollections.observableArrayList();

  public EngineViewModel(
      Workbench workbench,
      UiExecutor executor,
      JobFollower follower,
      Notices notices,
      UserPreferences preferences,
      CheckpointOpening opening,
      Messages messages) {
    this.workbench = workbench;
    this.follower = follower;
    this.notices = notices;
    this.preferences = preferences;
    this.opening = opening;
    this.messages = messages;
    show(workbench.engineStatus());
    workbench.onEngineStatus(changed -> executor.onUi(() -> show(changed)));
  }

  public ReadOnlyObjectProperty<EngineStatus> status() {
    return status.getReadOnlyProperty();
  }

  /** "cpu · ready". */
  public ReadOnlyStringProperty text() {
    return text.getReadOnlyProperty();
  }

  @Override
  public ObservableList<DeviceOption> devices() {
    return devices;
  }

  @Override
  public String device() {
    return preferences.device();
  }

  @Override
  public String describe(DeviceOption option) {
    if (!option.available()) {
      return option.name();
    }
    return option.freeBytes().isPresent()
        ? messages.text("device.free", option.name(), Figures.bytes(option.freeBytes().getAsLong()))
        : option.name();
  }

  @Override
  public void choose(DeviceOption option) {
    if (!option.name().equals(preferences.device())) {
      preferences.setDevice(option.name());
      showText();
      opening.reopen();
    }
  }

  private void show(EngineStatus changed) {
    EngineStatus before = status.get();
    status.set(changed);
    showText();
    boolean ready = changed.state() == EngineStatus.State.READY;
    if (changed.state() == EngineStatus.State.FAILED) {
      notices.tell(messages.text("notice.engine", changed.detail()));
    }
    if (ready && (before == null || before.state() != EngineStatus.State.READY)) {
      follower.ask(workbench::devices, devices::setAll);
    }
  }

  private void showText() {
    text.set(messages.text("engine." + status.get().state(), preferences.device()));
  }
}
