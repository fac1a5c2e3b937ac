package org.espalier.torch;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.espalier.task.EspalierException;

/**
 * The devices that computations can run on: {@code cpu}, {@code cuda:N} and {@code mps}. The one
 * place where names become devices; everything else passes a {@link Device} along.
 */
public final class Devices {
  /** What to do to get CUDA, in words for the window and the command line. */
  public static final String CUDA_REMEDY =
      "CUDA needs libtorch "
          + LibtorchFolder.REQUIRED_VERSION
          + "+cu128 (about 2.5 GB). Either let the engine fetch it: start with -D"
          + LibtorchSource.PROPERTY
          + "=download while online; or name a folder that holds it, for example the torch/lib"
          + " folder of the Python package torch=="
          + LibtorchFolder.REQUIRED_VERSION
          + "+cu128: -D"
          + LibtorchSource.PROPERTY
          + "=FOLDER (or the environment variable ESPALIER_LIBTORCH). The version is checked before"
          + " it is used.";

  private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");
  private static final Device MPS = Device.of("mps", -1);

  private Devices() {}

  /**
   * The device with a name.
   *
   * @throws EspalierException if the name is none of cpu, cuda, cuda:N, mps
   */
  public static Device parse(String name) {
    if (name.equals("cpu")) {
      return Device.cpu();
    }
    if (name.equals("mps")) {
      return MPS;
    }
    Matcher cuda = CUDA.matcher(name);
    if (cuda.matches()) {
      return Device.gpu(cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
    }
    throw new EspalierException(
        "There is no device '" + name + "'; choose cpu, cuda:0 (or another number), or mps.");
  }

  /** The name of a device as {@link #parse} reads it. */
  public static String name(Device device) {
    return device.isGpu() ? "cuda:" + device.getDeviceId() : device.getDeviceType();
  }

  /**
   * As {@link #parse}, and refuses a device that this machine does not offer.
   *
   * @throws EspalierException saying what is missing and how to get it
   */
  public static Device require(String name) {
    return require(name, new EngineDevices());
  }

  static Device require(String name, DeviceProbe probe) {
    Device device = parse(name);
    List<DeviceStatus> offered = list(probe);
    DeviceStatus status =
        offered.stream()
            .filter(candidate -> candidate.name().equals(name(device)))
            .findFirst()
            .orElseThrow(
                () ->
                    new EspalierException(
                        "This machine has no device "
                            + name
                            + "; it offers "
                            + String.join(
                                ", ",
                                offered.stream()
                                    .filter(DeviceStatus::available)
                                    .map(DeviceStatus::name)
                                    .toList())
                            + "."));
    if (!status.available()) {
      throw new EspalierException(
          "The device " + name + " cannot be used. " + status.remedy().orElse(""));
    }
    return device;
  }

  /** Whether it computes in double precision; Apple's accelerators do not. */
  public static boolean hasDoubles(Device device) {
    return !device.getDeviceType().equals("mps");
  }

  /** Free memory of a device now, if it is known. */
  public static OptionalLong freeBytes(Device device) {
    DeviceProbe probe = new EngineDevices();
    return device.isGpu() ? probe.freeCudaMemory(device.getDeviceId()) : probe.freeSystemMemory();
  }

  /** All devices worth showing, the CPU first; unavailable ones say what to do. */
  public static List<DeviceStatus> list() {
    return list(new EngineDevices());
  }

  static List<DeviceStatus> list(DeviceProbe probe) {
    List<DeviceStatus> all = new ArrayList<>();
    all.add(DeviceStatus.available("cpu", probe.freeSystemMemory()));
    int cuda = probe.cudaDevices();
    for (int index = 0; index < cuda; index++) {
      all.add(DeviceStatus.available("cuda:" + index, probe.freeCudaMemory(index)));
    }
    if (cuda == 0 && probe.cudaPossible()) {
      all.add(DeviceStatus.missing("cuda:0", CUDA_REMEDY));
    }
    if (probe.mps()) {
      all.add(DeviceStatus.available("mps", probe.freeSystemMemory()));
    }
    return List.copyOf(all);
  }
}
