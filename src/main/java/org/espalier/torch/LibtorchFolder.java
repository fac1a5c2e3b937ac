package org.espalier.torch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.espalier.task.EspalierException;

/**
 * A user's libtorch folder whose version was checked. Another version than {@value
 * #REQUIRED_VERSION} would load without an error and then misread memory, so it is refused before
 * anything native is touched.
 *
 * @param libraries folder of the shared libraries
 * @param flavor {@code cpu}, or {@code cu128} for CUDA 12.8
 */
record LibtorchFolder(Path libraries, String flavor) {
  static final String REQUIRED_VERSION = "2.7.1";
  private static final List<String> FLAVORS = List.of("cpu", "cu128");

  /** Matches {@code __version__ = '2.7.1+cu128'} and a bare {@code 2.7.1+cu128}. */
  private static final Pattern VERSION =
      Pattern.compile(
          "(?m)^(?:__version__\\s*=\\s*['\"])?(\\d+\\.\\d+\\.\\d+)(?:\\+(\\w+))?['\"]?\\s*$");

  /**
   * Checks a folder: its {@code lib} subfolder is accepted too. The version is read from {@code
   * version.py} (Python packages) or {@code build-version} (plain libtorch archives) beside the
   * {@code lib} folder or in it.
   *
   * @throws EspalierException naming the folder and what is wrong with it
   */
  static LibtorchFolder check(Path folder) {
    String library = System.mapLibraryName("torch");
    Path libraries = Files.isRegularFile(folder.resolve(library)) ? folder : folder.resolve("lib");
    if (!Files.isRegularFile(libraries.resolve(library))) {
      throw new EspalierException(
          folder
              + " holds no "
              + library
              + "; name the folder with the libtorch shared libraries, for example"
              + " site-packages/torch/lib.");
    }
    Path parent = libraries.toAbsolutePath().getParent();
    for (Path base : parent == null ? List.of(libraries) : List.of(parent, libraries)) {
      for (String name : List.of("version.py", "build-version")) {
        Path file = base.resolve(name);
        if (Files.isRegularFile(file)) {
          return checkVersion(folder, libraries, file);
        }
      }
    }
    throw new EspalierException(
        folder
            + " does not say which version of libtorch it is (neither version.py nor build-version"
            + " lies beside its libraries); use an unchanged libtorch "
            + REQUIRED_VERSION
            + " folder.");
  }

  private static LibtorchFolder checkVersion(Path folder, Path libraries, Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new EspalierException(
          file + " cannot be read (" + e.getMessage() + "); check its permissions.", e);
    }
    Matcher version = VERSION.matcher(text);
    if (!version.find() || !version.group(1).equals(REQUIRED_VERSION)) {
      throw new EspalierException(
          folder
              + " holds libtorch "
              + (version.reset().find() ? version.group(1) : "of an unknown version")
              + ", but only "
              + REQUIRED_VERSION
              + " works with this program; install that version or use the bundled library.");
    }
    String flavor = version.group(2) == null ? "cpu" : version.group(2);
    if (!FLAVORS.contains(flavor)) {
      throw new EspalierException(
          folder
              + " holds libtorch "
              + REQUIRED_VERSION
              + " built for "
              + flavor
              + ", but only the builds for "
              + String.join(" and ", FLAVORS)
              + " work with this program; install one of them.");
    }
    return new LibtorchFolder(libraries, flavor);
  }

  /**
   * The CUDA runtime that Python packages keep beside torch, which the system's loader does not
   * search.
   */
  Optional<Path> cudaRuntime() {
    Path packages = libraries.toAbsolutePath().getParent();
    packages = packages == null ? null : packages.getParent();
    return Optional.ofNullable(packages)
        .map(folder -> folder.resolve("nvidia").resolve("cuda_runtime").resolve("lib"))
        .filter(Files::isDirectory);
  }
}
