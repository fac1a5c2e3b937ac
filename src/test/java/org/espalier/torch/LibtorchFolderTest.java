package org.espalier.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.espalier.task.EspalierException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibtorchFolderTest {
  @TempDir Path folder;

  @Test
  void a_python_package_with_the_right_version_is_accepted() throws IOException {
    library(folder.resolve("torch/lib"));
    Files.writeString(
        folder.resolve("torch/version.py"),
        "from typing import Optional\n__version__ = '2.7.1+cu128'\ndebug = False\n");

    assertThat(LibtorchFolder.check(folder.resolve("torch/lib")))
        .isEqualTo(new LibtorchFolder(folder.resolve("torch/lib"), "cu128"));
    assertThat(LibtorchFolder.check(folder.resolve("torch")).flavor()).isEqualTo("cu128");
  }

  @Test
  void the_cuda_runtime_beside_a_python_package_is_found() throws IOException {
    LibtorchFolder torch = new LibtorchFolder(folder.resolve("torch/lib"), "cu128");
    assertThat(torch.cudaRuntime()).isEmpty();

    Path runtime = Files.createDirectories(folder.resolve("nvidia/cuda_runtime/lib"));
    assertThat(torch.cudaRuntime()).contains(runtime.toAbsolutePath());
  }

  @Test
  void a_plain_archive_with_the_right_version_is_accepted() throws IOException {
    library(folder.resolve("libtorch/lib"));
    Files.writeString(folder.resolve("libtorch/build-version"), "2.7.1+cpu\n");

    assertThat(LibtorchFolder.check(folder.resolve("libtorch")).flavor()).isEqualTo("cpu");
  }

  @Test
  void another_version_is_refused_before_it_is_loaded() throws IOException {
    library(folder.resolve("lib"));
    Files.writeString(folder.resolve("version.py"), "__version__ = '2.11.0+cu128'\n");

    assertThatThrownBy(() -> LibtorchFolder.check(folder))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("2.11.0")
        .hasMessageContaining("only 2.7.1 works");
  }

  @Test
  void another_cuda_is_refused() throws IOException {
    library(folder.resolve("lib"));
    Files.writeString(folder.resolve("version.py"), "__version__ = '2.7.1+cu118'\n");

    assertThatThrownBy(() -> LibtorchFolder.check(folder)).hasMessageContaining("cu118");
  }

  @Test
  void a_folder_without_version_or_library_is_refused() throws IOException {
    assertThatThrownBy(() -> LibtorchFolder.check(folder)).hasMessageContaining("holds no");

    library(folder.resolve("lib"));
    assertThatThrownBy(() -> LibtorchFolder.check(folder))
        .hasMessageContaining("does not say which version");
  }

  private static void library(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(System.mapLibraryName("torch")), "");
  }
}
