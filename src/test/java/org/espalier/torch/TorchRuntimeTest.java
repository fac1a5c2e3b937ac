package org.espalier.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.espalier.task.EspalierException;
import org.junit.jupiter.api.Test;

class TorchRuntimeTest {
  @Test
  void a_first_start_passes_through_unpacking_and_starting_to_ready() {
    TorchRuntime runtime = new TorchRuntime(loader(false, null));
    List<EngineState.Phase> seen = Collections.synchronizedList(new ArrayList<>());
    runtime.watch(state -> seen.add(state.phase()));

    runtime.awaitReady();

    assertThat(seen)
        .containsExactly(
            EngineState.Phase.IDLE,
            EngineState.Phase.UNPACKING,
            EngineState.Phase.STARTING,
            EngineState.Phase.READY);
  }

  @Test
  void a_later_start_unpacks_nothing() {
    TorchRuntime runtime = new TorchRuntime(loader(true, null));
    List<EngineState.Phase> seen = Collections.synchronizedList(new ArrayList<>());
    runtime.watch(state -> seen.add(state.phase()));

    runtime.awaitReady();

    assertThat(seen)
        .containsExactly(
            EngineState.Phase.IDLE, EngineState.Phase.STARTING, EngineState.Phase.READY);
  }

  @Test
  void a_failure_says_why_and_what_to_do() {
    TorchRuntime runtime =
        new TorchRuntime(loader(true, new UnsatisfiedLinkError("libtorch.so: wrong format")));

    assertThatThrownBy(runtime::awaitReady)
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("libtorch.so: wrong format")
        .hasMessageContaining("cache folder");
    assertThat(runtime.state().phase()).isEqualTo(EngineState.Phase.FAILED);
    assertThat(runtime.state().remedy()).isPresent();
  }

  @Test
  void a_full_disk_is_recognised() {
    TorchRuntime runtime =
        new TorchRuntime(
            loader(false, new IllegalStateException(new Exception("No space left on device"))));

    assertThatThrownBy(runtime::awaitReady).hasMessageContaining("Free 500 MB");
  }

  @Test
  void the_source_of_the_library_is_read_from_one_setting() {
    assertThat(LibtorchSource.fromSetting(null)).isEqualTo(new LibtorchSource.Bundled());
    assertThat(LibtorchSource.fromSetting("download")).isEqualTo(new LibtorchSource.Download());
    assertThat(LibtorchSource.fromSetting("/opt/torch")).isInstanceOf(LibtorchSource.Folder.class);
  }

  @Test
  void an_operation_uses_no_more_threads_than_there_are_cores() {
    try {
      TorchThreads.setOperationThreads(1_000_000);
      assertThat(JniUtils.getNumThreads()).isEqualTo(Runtime.getRuntime().availableProcessors());
      assertThatThrownBy(() -> TorchThreads.setOperationThreads(0))
          .isInstanceOf(EspalierException.class);
    } finally {
      TorchThreads.setOperationThreads(1);
    }
  }

  private static EngineLoader loader(boolean unpacked, Throwable failure) {
    return new EngineLoader() {
      @Override
      public boolean unpacked() {
        return unpacked;
      }

      @Override
      public String unpackingMessage() {
        return "Unpacking.";
      }

      @Override
      public NDManager load() {
        if (failure instanceof Error error) {
          throw error;
        }
        if (failure instanceof RuntimeException exception) {
          throw exception;
        }
        return null;
      }

      @Override
      public void prove() {}
    };
  }
}
