package org.espalier.torch;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.espalier.checkpoint.CheckpointException;
import org.espalier.checkpoint.DType;
import org.espalier.checkpoint.TensorInfo;

/**
 * Gives tensors of safetensors files as arrays, in the element type of the file (BF16 stays BF16).
 * Files are mapped privately by PyTorch itself: nothing is read before it is used, the pages can be
 * reclaimed by the system, files of any size work, a change in place would not reach the file, and
 * the mapping ends when this object and all arrays from it are closed.
 */
public final class TensorFiles implements AutoCloseable {
  private record Mapping(Path file, DType type) {}

  private final TensorStore store = new TensorStore(Device.cpu());
  private final Map<Mapping, Optional<NDArray>> mappings = new HashMap<>();

  /**
   * A tensor on the CPU: a view of the file where its position and the system allow it, else a
   * copy.
   *
   * @return belongs to the innermost scope
   * @throws CheckpointException if the file cannot be read any more
   */
  public NDArray view(TensorInfo tensor) {
    int bytes = tensor.dtype().bytes();
    if (tensor.offset() % bytes != 0) {
      return read(tensor);
    }
    return mapping(tensor)
        .map(
            whole ->
                Kernels.core().call("part", whole, tensor.offset() / bytes, dimensions(tensor)))
        .orElseGet(() -> read(tensor));
  }

  /**
   * A tensor in memory of its own on a device.
   *
   * @return belongs to the innermost scope
   * @throws CheckpointException if the file cannot be read any more
   */
  public NDArray load(TensorInfo tensor, Device device) {
    if (!device.equals(Device.cpu())) {
      return TorchFunctions.toDevice(view(tensor), device);
    }
    return read(tensor);
  }

  private synchronized Optional<NDArray> mapping(TensorInfo tensor) {
    return mappings.computeIfAbsent(
        new Mapping(tensor.file(), tensor.dtype()), key -> map(key, tensor.name()));
  }

  /** Empty where the system refuses: some never map more than their memory and swap at once. */
  private Optional<NDArray> map(Mapping key, String tensor) {
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      long elements = Files.size(key.file()) / key.type().bytes();
      return Optional.of(
          store.adopt(
              Kernels.core()
                  .call(
                      "from_file",
                      key.file().toAbsolutePath().toString(),
                      elements,
                      ScalarTypes.of(key.type()))));
    } catch (IOException e) {
      throw unreadable(key.file(), tensor, e);
    } catch (EngineException | DeviceMemoryException e) {
      return Optional.empty();
    }
  }

  private static NDArray read(TensorInfo tensor) {
    NDArray array =
        Kernels.core().call("empty", dimensions(tensor), ScalarTypes.of(tensor.dtype()));
    try (FileChannel channel = FileChannel.open(tensor.file(), StandardOpenOption.READ)) {
      long[] position = {tensor.offset()};
      TensorBytes.visit(array, part -> position[0] = fill(channel, part, position[0]));
    } catch (IOException e) {
      throw unreadable(tensor.file(), tensor.name(), e);
    }
    return array;
  }

  private static long fill(FileChannel channel, ByteBuffer part, long position) throws IOException {
    long next = position;
    while (part.hasRemaining()) {
      int read = channel.read(part, next);
      if (read < 0) {
        throw new IOException("the file ends at byte " + next);
      }
      next += read;
    }
    return next;
  }

  private static long[] dimensions(TensorInfo tensor) {
    return tensor.shape().stream().mapToLong(Long::longValue).toArray();
  }

  private static CheckpointException unreadable(Path file, String tensor, Exception cause) {
    return new CheckpointException(
        file,
        tensor,
        "cannot be read any more ("
            + cause.getMessage()
            + "); open the checkpoint again once the file is back",
        cause);
  }

  @Override
  public void close() {
    store.close();
  }
}
