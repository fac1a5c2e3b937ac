package org.espalier.torch;

import java.nio.file.Path;
import java.util.Objects;

/** Where the native PyTorch library comes from. */
public sealed interface LibtorchSource {
  /** The CPU library that travels with the program; needs no network. */
  record Bundled() implements LibtorchSource {}

  /**
   * The engine fetches the library with CUDA support from its publisher when the CUDA driver is
   * there; needs the network once.
   */
  record Download() implements LibtorchSource {}

  /**
   * A folder on this machine, for example {@code torch/lib} of an installed Python package.
   *
   * @param folder holds the libtorch shared libraries
   */
  record Folder(Path folder) implements LibtorchSource {
    public Folder {
      Objects.requireNonNull(folder);
    }
  }

  /** Name of the system property (or environment variable) that chooses the source. */
  String PROPERTY = "espalier.libtorch";

  /**
   * Reads the user's choice: {@code bundled} (also when nothing is set), {@code download}, or the
   * path of a folder.
   */
  static LibtorchSource fromSetting(String setting) {
    if (setting == null || setting.isBlank() || setting.equals("bundled")) {
      return new Bundled();
    }
    return setting.equals("download") ? new Download() : new Folder(Path.of(setting));
  }
}
