package org.espalier.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.util.OptionalLong;
import org.espalier.task.EspalierException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevicesTest {
  @ParameterizedTest
  @ValueSource(strings = {"cpu", "cuda:0", "cuda:7", "mps"})
  void names_and_devices_agree(String name) {
    assertThat(Devices.name(Devices.parse(name))).isEqualTo(name);
  }

  @Test
  void cuda_alone_means_the_first_one() {
    assertThat(Devices.parse("cuda")).isEqualTo(Device.gpu(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gpu", "cuda:-1", "cuda:x", "CPU"})
  void other_names_are_refused(String name) {
    assertThatThrownBy(() -> Devices.parse(name))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("choose cpu");
  }

  @Test
  void every_cuda_device_is_listed_with_its_free_memory() {
    assertThat(Devices.list(machine(2, false)))
        .containsExactly(
            DeviceStatus.available("cpu", OptionalLong.of(8)),
            DeviceStatus.available("cuda:0", OptionalLong.of(100)),
            DeviceStatus.available("cuda:1", OptionalLong.of(101)));
  }

  @Test
  void without_cuda_the_list_says_how_to_get_it() {
    DeviceStatus cuda = Devices.list(machine(0, false)).get(1);

    assertThat(cuda.available()).isFalse();
    assertThat(cuda.remedy().orElseThrow()).contains("2.7.1+cu128", "torch/lib", "download");
  }

  @Test
  void metal_is_listed_where_it_is() {
    assertThat(Devices.list(machine(0, true)))
        .extracting(DeviceStatus::name)
        .contains("cpu", "mps");
  }

  @Test
  void a_missing_device_is_refused_with_what_to_do() {
    assertThatThrownBy(() -> Devices.require("cuda:0", machine(0, false)))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("2.7.1+cu128");
    assertThatThrownBy(() -> Devices.require("cuda:5", machine(2, false)))
        .hasMessageContaining("it offers cpu, cuda:0, cuda:1");
    assertThat(Devices.require("cuda:1", machine(2, false))).isEqualTo(Device.gpu(1));
  }

  private static DeviceProbe machine(int cuda, boolean mps) {
    return new DeviceProbe() {
      @Override
      public int cudaDevices() {
        return cuda;
      }

      @Override
      public boolean cudaPossible() {
        return true;
      }

      @Override
      public OptionalLong freeCudaMemory(int index) {
        return OptionalLong.of(100 + index);
      }

      @Override
      public boolean mps() {
        return mps;
      }

      @Override
      public OptionalLong freeSystemMemory() {
        return OptionalLong.of(8);
      }
    };
  }
}
