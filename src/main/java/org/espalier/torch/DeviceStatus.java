package org.espalier.torch;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One device as a person sees it.
 *
 * @param name as {@link Devices#parse} reads it
 * @param freeBytes free memory now; empty when unknown
 * @param remedy how to make it available; empty when it is
 */
public record DeviceStatus(
    String name, boolean available, OptionalLong freeBytes, Optional<String> remedy) {
  static DeviceStatus available(String name, OptionalLong freeBytes) {
    return new DeviceStatus(name, true, freeBytes, Optional.empty());
  }

  static DeviceStatus missing(String name, String remedy) {
    return new DeviceStatus(name, false, OptionalLong.empty(), Optional.of(remedy));
  }
}
