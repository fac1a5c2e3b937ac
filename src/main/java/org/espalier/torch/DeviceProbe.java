package org.espalier.torch;

import java.util.OptionalLong;

/** What the machine offers; a seam so that the rules for devices can be tested without them. */
interface DeviceProbe {
  /** CUDA devices that the loaded library can use. */
  int cudaDevices();

  /** Whether CUDA exists for this operating system at all. */
  boolean cudaPossible();

  /** Free memory of a CUDA device in bytes. */
  OptionalLong freeCudaMemory(int index);

  /** Whether Apple's Metal can be used. */
  boolean mps();

  /** Memory that the system can still give away, in bytes. */
  OptionalLong freeSystemMemory();
}
