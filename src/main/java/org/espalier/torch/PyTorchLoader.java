package org.espalier.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.util.Utils;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.stream.Stream;
import org.espalier.task.EspalierException;

/** Loads PyTorch through the engine, from the source that the user chose. */
final class PyTorchLoader implements EngineLoader {
  private final LibtorchSource source;

  PyTorchLoader(LibtorchSource source) {
    this.source = source;
  }

  @Override
  public boolean unpacked() {
    if (source instanceof LibtorchSource.Folder) {
      return true;
    }
    Path cache = Utils.getEngineCacheDir("pytorch");
    if (!Files.isDirectory(cache)) {
      return false;
    }
    String library = System.mapLibraryName("torch");
    try (Stream<Path> versions = Files.list(cache)) {
      return versions.anyMatch(
          folder ->
              folder.getFileName().toString().startsWith(LibtorchFolder.REQUIRED_VERSION)
                  && Files.isRegularFile(folder.resolve(library)));
    } catch (IOException e) {
      throw new EspalierException(
          cache + " cannot be listed (" + e.getMessage() + "); check its permissions.", e);
    }
  }

  @Override
  public String unpackingMessage() {
    return source instanceof LibtorchSource.Download
        ? "Fetching the engine's library with CUDA support (about 2.5 GB, once on this machine)."
        : "Unpacking the engine's native library (once on this machine).";
  }

  @Override
  public NDManager load() {
    OpenMp.waitPassively();
    System.setProperty("OPT_OUT_TRACKING", "true");
    if (!(source instanceof LibtorchSource.Download)) {
      System.setProperty("ai.djl.offline", "true");
    }
    if (source instanceof LibtorchSource.Folder chosen) {
      LibtorchFolder folder = LibtorchFolder.check(chosen.folder());
      System.setProperty("PYTORCH_LIBRARY_PATH", folder.libraries().toString());
      System.setProperty("PYTORCH_VERSION", LibtorchFolder.REQUIRED_VERSION);
      System.setProperty("PYTORCH_FLAVOR", folder.flavor());
      folder
          .cudaRuntime()
          .ifPresent(path -> System.setProperty("jna.library.path", path.toString()));
    }
    return source instanceof LibtorchSource.Download
        ? fetch()
        : Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
  }

  private static NDManager fetch() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(new WithoutBundledLibrary(before));
    try {
      return Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
    } catch (RuntimeException e) {
      throw new EspalierException(
          "The engine's library with CUDA support cannot be fetched ("
              + e.getMessage()
              + "); check the network connection, or name a folder that holds libtorch "
              + LibtorchFolder.REQUIRED_VERSION
              + "+cu128.",
          e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Override
  public void prove() {
    TorchThreads.switchOff();
    Kernels.compileCore();
    KernelSelfTest.run();
  }

  /**
   * Hides the bundled CPU library from the engine, which fetches the library with CUDA support only
   * when it finds none on the class path.
   */
  private static final class WithoutBundledLibrary extends ClassLoader {
    private static final String MARKER = "native/lib/pytorch.properties";

    WithoutBundledLibrary(ClassLoader parent) {
      super(parent);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return name.equals(MARKER) ? Collections.emptyEnumeration() : super.getResources(name);
    }
  }
}
