package org.espalier.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.espalier.checkpoint.CheckpointException;
import org.espalier.checkpoint.DType;
import org.espalier.checkpoint.TensorInfo;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelsTest {
  @Test
  void the_engine_starts_and_proves_its_kernels() {
    TorchRuntime.shared().awaitReady();

    assertThat(TorchRuntime.shared().state().phase()).isEqualTo(EngineState.Phase.READY);
  }

  @Test
  void a_scope_frees_what_was_made_inside_whatever_made_it() {
    try (TensorStore weights = new TensorStore(Device.cpu())) {
      NDArray weight;
      try (TorchScope scope = TorchScope.open(Device.cpu())) {
        weight = weights.adopt(scope.array(new float[] {1, 2, 3, 4}, 2, 2));
      }
      int before = LiveArrays.count();

      try (TorchScope scope = TorchScope.open(Device.cpu())) {
        NDArray x = scope.array(new float[] {1, 0}, 1, 2);
        weight.add(x); // belongs to the owner of its left operand
        TorchFunctions.silu(weight);
      }

      assertThat(LiveArrays.count()).isEqualTo(before);
      assertThat(weight.toFloatArray()).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  void kept_arrays_live_until_the_enclosing_scope_closes() {
    int before = LiveArrays.count();
    try (TorchScope outer = TorchScope.open(Device.cpu())) {
      NDArray kept;
      try (TorchScope inner = TorchScope.open()) {
        kept = inner.keep(inner.array(new float[] {5}, 1));
      }
      assertThat(kept.getFloat()).isEqualTo(5);
    }
    assertThat(LiveArrays.count()).isEqualTo(before);
  }

  @Test
  void a_store_takes_over_arrays_from_any_enclosing_scope() {
    try (TensorStore store = new TensorStore(Device.cpu())) {
      NDArray adopted;
      try (TorchScope outer = TorchScope.open(Device.cpu())) {
        NDArray made = outer.array(new float[] {7}, 1);
        try (TorchScope middle = TorchScope.open();
            TorchScope inner = TorchScope.open()) {
          adopted = store.adopt(made);
        }
      }
      assertThat(adopted.getFloat()).isEqualTo(7);
    }
  }

  @Test
  void work_outside_of_a_scope_is_refused() {
    assertThatThrownBy(() -> Kernels.core().call("empty", new long[] {1}, 6))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("scope");
  }

  @Test
  void too_little_memory_is_told_in_words() {
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      assertThatThrownBy(() -> Kernels.core().call("empty", new long[] {1L << 45}, 6))
          .isInstanceOf(DeviceMemoryException.class)
          .hasMessageContaining("not enough free memory");
    }
  }

  @Test
  void many_arrays_may_pass_through_a_long_scope() {
    try (TorchScope outer = TorchScope.open(Device.cpu());
        TensorStore store = new TensorStore(Device.cpu())) {
      NDArray first = store.adopt(outer.array(new float[] {1}, 1));
      int before = LiveArrays.count();
      for (int i = 0; i < 3000; i++) {
        try (TorchScope inner = TorchScope.open();
            NDArray kept = inner.keep(inner.array(new float[] {i}, 1))) {
          assertThat(kept.getFloat()).isEqualTo(i);
        }
      }
      assertThat(LiveArrays.count()).isEqualTo(before);
      assertThat(first.getFloat()).isEqualTo(1);
    }
  }

  @Test
  void results_of_kernels_can_be_changed_in_place() {
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      NDArray y = TorchFunctions.silu(scope.array(new float[] {0, 0}, 2));

      assertThat(y.addi(1).toFloatArray()).containsExactly(1, 1);
    }
  }

  @Test
  void bfloat16_survives_reading_computing_and_writing(@TempDir Path folder) throws Exception {
    byte[] content = new byte[3 + 2 + 8];
    float[] values = {1.5f, -2f, 0.25f, 96f};
    ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      buffer.putShort(4 + 2 * i, (short) (Float.floatToRawIntBits(values[i]) >>> 16));
    }
    Path file = Files.write(folder.resolve("x.safetensors"), content);
    TensorInfo tensor = new TensorInfo("x", DType.BF16, List.of(2L, 2L), file, 4, 8);

    try (TensorFiles files = new TensorFiles();
        TorchScope scope = TorchScope.open(Device.cpu())) {
      for (NDArray x : List.of(files.view(tensor), files.load(tensor, Device.cpu()))) {
        assertThat(TorchFunctions.dtype(x)).isEqualTo(DType.BF16);
        assertThat(TorchFunctions.convert(x, DType.F32).toFloatArray()).containsExactly(values);
        assertThat(TensorBytes.toArray(x, DType.BF16))
            .isEqualTo(Arrays.copyOfRange(content, 4, 12));
      }
    }
  }

  @Test
  void tensors_at_unaligned_positions_are_read_too(@TempDir Path folder) throws Exception {
    ByteBuffer content = ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN);
    content.putFloat(1, 3f).putFloat(5, 4f);
    Path file = Files.write(folder.resolve("x.safetensors"), content.array());
    TensorInfo tensor = new TensorInfo("x", DType.F32, List.of(2L), file, 1, 8);

    try (TensorFiles files = new TensorFiles();
        TorchScope scope = TorchScope.open(Device.cpu())) {
      assertThat(files.view(tensor).toFloatArray()).containsExactly(3, 4);
    }
  }

  @Test
  void a_file_larger_than_memory_can_be_read(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("large.safetensors");
    long position = 1L << 42;
    ByteBuffer values = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    values.putFloat(0, 3f).putFloat(4, 4f);
    try (FileChannel sparse =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      sparse.write(values, position);
    } catch (IOException e) {
      Assumptions.abort("no sparse files here: " + e.getMessage());
    }
    TensorInfo tensor = new TensorInfo("x", DType.F32, List.of(2L), file, position, 8);

    try (TensorFiles files = new TensorFiles();
        TorchScope scope = TorchScope.open(Device.cpu())) {
      assertThat(files.view(tensor).toFloatArray()).containsExactly(3, 4);
    }
  }

  @Test
  void a_vanished_file_is_named(@TempDir Path folder) {
    TensorInfo tensor = new TensorInfo("x", DType.F32, List.of(2L), folder.resolve("gone"), 0, 8);

    try (TensorFiles files = new TensorFiles();
        TorchScope scope = TorchScope.open(Device.cpu())) {
      assertThatThrownBy(() -> files.view(tensor))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("gone")
          .hasMessageContaining("tensor x");
    }
  }

  @Test
  void gradients_are_recorded_only_inside_the_fence() {
    try (TensorStore store = new TensorStore(Device.cpu());
        TorchScope scope = TorchScope.open(Device.cpu())) {
      NDArray weight = store.adopt(scope.array(new float[] {1, 2, 3}, 3));
      List<NDArray> parameters = List.of(weight);
      Autograd.track(parameters);

      try (Autograd autograd = Autograd.record()) {
        autograd.backward(weight.square().sum());
      }

      assertThat(Autograd.gradients(parameters).get(0).toFloatArray()).containsExactly(2, 4, 6);
      Autograd.clear(parameters);
      assertThat(Autograd.gradients(parameters).get(0).toFloatArray()).containsExactly(0, 0, 0);
      assertThat(weight.mul(2).hasGradient()).isFalse();
    }
  }

  @Test
  void adam_finds_a_minimum_through_a_kernel_without_leaking() {
    int before = LiveArrays.count();
    try (TensorStore store = new TensorStore(Device.cpu())) {
      List<NDArray> parameters;
      NDArray targets;
      try (TorchScope scope = TorchScope.open(Device.cpu())) {
        parameters = List.of(store.adopt(scope.array(new float[8], 2, 4)));
        targets = store.adopt(scope.manager().create(new long[] {3, 1}));
      }
      Autograd.track(parameters);
      try (AdamW adam = new AdamW(parameters, Device.cpu(), 0.9, 0.999, 1e-8, 0)) {
        int running = 0;
        for (int step = 0; step < 100; step++) {
          try (TorchScope scope = TorchScope.open(Device.cpu())) {
            try (Autograd autograd = Autograd.record()) {
              autograd.backward(TorchFunctions.meanCrossEntropy(parameters.get(0), targets));
            }
            adam.step(Autograd.gradients(parameters), 0.1);
            Autograd.clear(parameters);
          }
          if (step == 0) {
            running = LiveArrays.count();
          }
        }
        assertThat(LiveArrays.count()).isEqualTo(running);
      }
      try (TorchScope scope = TorchScope.open(Device.cpu())) {
        NDArray loss = TorchFunctions.meanCrossEntropy(parameters.get(0), targets);
        assertThat(loss.getFloat()).isLessThan(0.01f);
      }
    }
    assertThat(LiveArrays.count()).isEqualTo(before);
  }
}
