package org.espalier.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.util.cuda.CudaUtils;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;

/** Asks the engine and the operating system. */
final class EngineDevices implements DeviceProbe {
  private static final Path MEMINFO = Path.of("/proc/meminfo");
  private static final String SYSTEM = System.getProperty("os.name").toLowerCase(Locale.ROOT);

  @Override
  public int cudaDevices() {
    TorchRuntime.shared().awaitReady();
    return Engine.getEngine("PyTorch").getGpuCount();
  }

  @Override
  public boolean cudaPossible() {
    return !SYSTEM.startsWith("mac");
  }

  @Override
  public OptionalLong freeCudaMemory(int index) {
    try {
      var memory = CudaUtils.getGpuMemory(Device.gpu(index));
      return OptionalLong.of(memory.getMax() - memory.getCommitted());
    } catch (IllegalArgumentException | EngineException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public boolean mps() {
    if (!SYSTEM.startsWith("mac") || !System.getProperty("os.arch").equals("aarch64")) {
      return false;
    }
    TorchRuntime.shared().awaitReady();
    try (NDManager manager =
            TorchRuntime.shared().rootManager().newSubManager(Devices.parse("mps"));
        NDArray probe = manager.zeros(new Shape(1))) {
      return probe.getShape().size() == 1;
    } catch (EngineException e) {
      return false;
    }
  }

  @Override
  public OptionalLong freeSystemMemory() {
    try {
      if (Files.isReadable(MEMINFO)) {
        return Files.readAllLines(MEMINFO).stream()
            .filter(line -> line.startsWith("MemAvailable:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
            .findFirst();
      }
    } catch (IOException e) {
      return OptionalLong.empty();
    }
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? OptionalLong.of(system.getFreeMemorySize())
        : OptionalLong.empty();
  }
}
