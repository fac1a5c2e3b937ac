package org.espalier.export.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.checkpoint.CheckpointException;
import org.espalier.task.Progress;

/**
 * Writes one GGUF file, version 3, little-endian: metadata, tensor headers, then the tensors, each
 * at a multiple of {@value #ALIGNMENT} bytes. Bytes of tensors pass through slice by slice.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">the format</a>
 */
public final class GgufWriter implements AutoCloseable {
  static final int ALIGNMENT = 32;
  static final int MAGIC = 0x46554747;
  static final int VERSION = 3;

  /** Longest name that readers accept, its closing zero byte included. */
  private static final int LONGEST_NAME = 63;

  private final Path file;
  private final Progress progress;
  private final FileChannel channel;
  private final Map<String, Slot> slots = new HashMap<>();
  private final long size;
  private long written;

  /** Where the next byte of a tensor goes. */
  private static final class Slot {
    long position;
    long remaining;

    Slot(long position, long remaining) {
      this.position = position;
      this.remaining = remaining;
    }
  }

  /** Creates the file and writes what comes before the tensors. */
  public GgufWriter(Path file, GgufMetadata metadata, List<GgufTensor> tensors, Progress progress)
      throws IOException {
    this.file = file;
    this.progress = progress;
    ByteBuffer start = start(metadata, tensors);
    long position = start.remaining();
    for (GgufTensor tensor : tensors) {
      if (slots.put(tensor.name(), new Slot(position, tensor.bytes())) != null) {
        throw new IllegalArgumentException(tensor.name() + " is given twice");
      }
      position = aligned(position + tensor.bytes());
    }
    size = position;
    channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      writeFully(start, 0);
      // The last tensor may end before a multiple of the alignment; readers expect whole ones.
      writeFully(ByteBuffer.allocate(1), Math.max(start.limit(), size) - 1);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Bytes that a file with these parts takes. */
  public static long size(GgufMetadata metadata, List<GgufTensor> tensors) {
    long size = start(metadata, tensors).remaining();
    for (GgufTensor tensor : tensors) {
      size = aligned(Math.addExact(size, tensor.bytes()));
    }
    return size;
  }

  /**
   * Appends bytes to a tensor. Slices of one tensor come in their order; tensors in any order.
   *
   * @throws CheckpointException if the disk refuses
   */
  public void write(String tensor, ByteBuffer slice) {
    Slot slot = slots.get(tensor);
    int count = slice.remaining();
    if (slot == null || count > slot.remaining) {
      throw new IllegalArgumentException(tensor + " was not announced with so many bytes");
    }
    progress.report("Writing " + tensor, written, size);
    try {
      writeFully(slice, slot.position);
    } catch (IOException e) {
      throw new CheckpointException(file, tensor, "cannot be written: " + e.getMessage(), e);
    }
    slot.position += count;
    slot.remaining -= count;
    written += count;
  }

  /** Every tensor must have got all its bytes. */
  public void requireComplete() {
    slots.forEach(
        (tensor, slot) -> {
          if (slot.remaining > 0) {
            throw new IllegalStateException(tensor + " still lacks " + slot.remaining + " bytes");
          }
        });
  }

  private static ByteBuffer start(GgufMetadata metadata, List<GgufTensor> tensors) {
    Bytes bytes = new Bytes();
    bytes.int32(MAGIC);
    bytes.int32(VERSION);
    bytes.int64(tensors.size());
    bytes.int64(metadata.values().size());
    metadata
        .values()
        .forEach(
            (key, value) -> {
              bytes.string(key);
              GgufValue kind = GgufValue.of(value);
              bytes.int32(kind.code());
              bytes.value(kind, value);
            });
    long offset = 0;
    for (GgufTensor tensor : tensors) {
      if (tensor.name().getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
        throw new IllegalArgumentException(tensor.name() + " is too long a name");
      }
      bytes.string(tensor.name());
      bytes.int32(tensor.shape().size());
      for (int i = tensor.shape().size() - 1; i >= 0; i--) {
        bytes.int64(tensor.shape().get(i));
      }
      bytes.int32(tensor.type().code());
      bytes.int64(offset);
      offset = aligned(offset + tensor.bytes());
    }
    bytes.pad();
    return ByteBuffer.wrap(bytes.out.toByteArray());
  }

  static long aligned(long position) {
    return Math.addExact(position, ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private void writeFully(ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** The head of the file, as it grows. */
  private static final class Bytes {
    final ByteArrayOutputStream out = new ByteArrayOutputStream();

    void int32(int value) {
      out.writeBytes(little(Integer.BYTES).putInt(value).array());
    }

    void int64(long value) {
      out.writeBytes(little(Long.BYTES).putLong(value).array());
    }

    void string(String value) {
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      int64(utf8.length);
      out.writeBytes(utf8);
    }

    void value(GgufValue kind, Object value) {
      switch (kind) {
        case UINT32, INT32 -> int32((Integer) value);
        case FLOAT32 -> int32(Float.floatToRawIntBits((Float) value));
        case BOOL -> out.write((Boolean) value ? 1 : 0);
        case STRING -> string((String) value);
        case ARRAY -> {
          List<?> elements = (List<?>) value;
          GgufValue element = GgufValue.ofElements(elements);
          int32(element.code());
          int64(elements.size());
          elements.forEach(each -> value(element, each));
        }
      }
    }

    void pad() {
      while (out.size() % ALIGNMENT != 0) {
        out.write(0);
      }
    }

    private static ByteBuffer little(int size) {
      return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
