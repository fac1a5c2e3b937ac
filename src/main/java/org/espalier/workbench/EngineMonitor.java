package org.espalier.workbench;

import java.util.function.Consumer;
import org.espalier.torch.EngineState;
import org.espalier.torch.TorchRuntime;

/** The engine's state in the workbench's words. */
final class EngineMonitor {
  private final TorchRuntime runtime;

  EngineMonitor(TorchRuntime runtime) {
    this.runtime = runtime;
  }

  EngineStatus status() {
    return translate(runtime.state());
  }

  Subscription onChange(Consumer<EngineStatus> listener) {
    return runtime.watch(state -> listener.accept(translate(state)))::run;
  }

  private static EngineStatus translate(EngineState state) {
    EngineStatus.State translated =
        switch (state.phase()) {
          case IDLE, STARTING -> EngineStatus.State.STARTING;
          case UNPACKING -> EngineStatus.State.UNPACKING;
          case READY -> EngineStatus.State.READY;
          case FAILED -> EngineStatus.State.FAILED;
        };
    String detail =
        state.remedy().map(remedy -> state.message() + " " + remedy).orElse(state.message());
    return new EngineStatus(translated, detail);
  }
}
