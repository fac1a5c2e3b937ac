package org.espalier.export.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.checkpoint.CheckpointException;
import org.espalier.checkpoint.DType;
import org.espalier.checkpoint.TensorInfo;

/**
 * Reads a GGUF file, knowing nothing of how it was written: every length, number and position is
 * held against the size of the file before it is used.
 */
public final class GgufFile {
  /** A head larger than this describes no model. */
  private static final int LONGEST_HEAD = 1 << 28;

  private static final int FIRST_BYTES = 1 << 16;

  /** Far more tokens than any vocabulary has. */
  private static final int MOST_ELEMENTS = 1 << 23;

  private static final int MOST_DIMENSIONS = 4;

  private final Path file;
  private final GgufMetadata metadata = new GgufMetadata();
  private final Map<String, GgufTensor> tensors = new LinkedHashMap<>();
  private final Map<String, Long> positions = new LinkedHashMap<>();

  private GgufFile(Path file) {
    this.file = file;
  }

  /**
   * Opens a file and reads everything but the tensors.
   *
   * @throws CheckpointException if it is no GGUF file or damaged
   */
  public static GgufFile open(Path path) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      GgufFile file = new GgufFile(path);
      file.readHead(channel);
      return file;
    } catch (IOException e) {
      throw new CheckpointException(path, "cannot be read: " + e.getMessage(), e);
    }
  }

  public GgufMetadata metadata() {
    return metadata;
  }

  /** By name, in the order of the file. */
  public Map<String, GgufTensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  /** Where the bytes of a tensor lie: as themselves where it is quantised. */
  public TensorInfo stored(GgufTensor tensor) {
    boolean quantised = tensor.type().isQuantised();
    return new TensorInfo(
        tensor.name(),
        quantised ? DType.U8 : DType.valueOf(tensor.type().name()),
        quantised ? List.of(tensor.bytes()) : tensor.shape(),
        file,
        positions.get(tensor.name()),
        tensor.bytes());
  }

  private void readHead(FileChannel channel) throws IOException {
    long size = channel.size();
    Head head = new Head(channel, (int) Math.min(size, LONGEST_HEAD));
    if (head.int32() != GgufWriter.MAGIC) {
      throw damaged("does not begin with GGUF");
    }
    int version = head.int32();
    if (version != GgufWriter.VERSION) {
      throw damaged("has version " + version + ", only " + GgufWriter.VERSION + " is read");
    }
    // A tensor header takes at least 32 bytes and a value at least 13.
    long tensorCount = head.count(32);
    long valueCount = head.count(13);
    for (long i = 0; i < valueCount; i++) {
      String key = head.string();
      Object value = head.value(head.kind());
      if (metadata.get(key).isPresent()) {
        throw damaged("gives " + key + " twice");
      }
      metadata.add(key, value);
    }
    Map<String, Long> offsets = new LinkedHashMap<>();
    for (long i = 0; i < tensorCount; i++) {
      GgufTensor tensor = head.tensor();
      long offset = head.int64();
      if (tensors.put(tensor.name(), tensor) != null) {
        throw damaged("gives the tensor " + tensor.name() + " twice");
      }
      offsets.put(tensor.name(), offset);
    }
    place(offsets, GgufWriter.aligned(head.position()), size);
  }

  private void place(Map<String, Long> offsets, long start, long size) {
    long[] ends = new long[offsets.size()];
    List<String> names = new ArrayList<>(offsets.keySet());
    names.sort((a, b) -> Long.compare(offsets.get(a), offsets.get(b)));
    long previousEnd = 0;
    for (int i = 0; i < ends.length; i++) {
      String name = names.get(i);
      long offset = offsets.get(name);
      long bytes = tensors.get(name).bytes();
      if (offset < previousEnd || offset % GgufWriter.ALIGNMENT != 0) {
        throw damaged("places the tensor " + name + " over another or beside its alignment");
      }
      if (bytes > size - start || offset > size - start - bytes) {
        throw damaged("ends before the tensor " + name + " does");
      }
      previousEnd = offset + bytes;
      positions.put(name, start + offset);
    }
  }

  private CheckpointException damaged(String what) {
    return new CheckpointException(file, what + "; it is damaged or of another kind");
  }

  /** What comes before the tensors, read from front to back. */
  private final class Head {
    private final FileChannel channel;
    private final int limit;
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    /**
     * @param limit bytes that it may have
     */
    Head(FileChannel channel, int limit) {
      this.channel = channel;
      this.limit = limit;
    }

    int position() {
      return bytes.position();
    }

    private int left() {
      return limit - bytes.position();
    }

    private void need(long count) throws IOException {
      if (count < 0 || count > left()) {
        throw damaged("ends in the middle of its head");
      }
      if (count > bytes.remaining()) {
        readUpTo(bytes.position() + (int) count);
      }
    }

    /** Reads further, at least to a position, and some more to be asked seldom. */
    private void readUpTo(int position) throws IOException {
      int capacity = (int) Math.min(limit, Math.max(FIRST_BYTES, 2L * position));
      ByteBuffer more = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
      int read = bytes.limit();
      more.put(bytes.array(), 0, read);
      while (more.hasRemaining()) {
        int count = channel.read(more, more.position());
        if (count < 0) {
          throw new IOException("it ends at byte " + more.position());
        }
      }
      more.flip().position(bytes.position());
      bytes = more;
    }

    int int32() throws IOException {
      need(Integer.BYTES);
      return bytes.getInt();
    }

    long int64() throws IOException {
      need(Long.BYTES);
      return bytes.getLong();
    }

    /** A number of things that take at least so many bytes each. */
    long count(int leastBytes) throws IOException {
      long count = int64();
      if (count < 0 || count > left() / leastBytes) {
        throw damaged("promises " + count + " entries");
      }
      return count;
    }

    String string() throws IOException {
      long length = int64();
      need(length);
      byte[] utf8 = new byte[(int) length];
      bytes.get(utf8);
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      } catch (CharacterCodingException e) {
        throw damaged("has a text that is not UTF-8");
      }
    }

    GgufValue kind() throws IOException {
      int code = int32();
      return GgufValue.ofCode(code)
          .orElseThrow(() -> damaged("has a metadata value of kind " + code));
    }

    Object value(GgufValue kind) throws IOException {
      return switch (kind) {
        case UINT32, INT32 -> int32();
        case FLOAT32 -> Float.intBitsToFloat(int32());
        case BOOL -> {
          need(1);
          yield bytes.get() != 0;
        }
        case STRING -> string();
        case ARRAY -> {
          GgufValue element = kind();
          if (element == GgufValue.ARRAY) {
            throw damaged("has lists in lists");
          }
          long count = count(1);
          if (count > MOST_ELEMENTS) {
            throw damaged("has a list of " + count + " values");
          }
          List<Object> elements = new ArrayList<>();
          for (long i = 0; i < count; i++) {
            elements.add(value(element));
          }
          yield List.copyOf(elements);
        }
      };
    }

    GgufTensor tensor() throws IOException {
      String name = string();
      int dimensions = int32();
      if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
        throw damaged("gives the tensor " + name + " " + dimensions + " dimensions");
      }
      Long[] shape = new Long[dimensions];
      long elements = 1;
      for (int i = dimensions - 1; i >= 0; i--) {
        shape[i] = int64();
        if (shape[i] < 1 || shape[i] > Long.MAX_VALUE / 64 / elements) {
          throw damaged("gives the tensor " + name + " the dimension " + shape[i]);
        }
        elements *= shape[i];
      }
      int code = int32();
      GgufType type =
          Arrays.stream(GgufType.values())
              .filter(known -> known.code() == code)
              .findFirst()
              .orElseThrow(() -> damaged("has the tensor " + name + " of type " + code));
      if (shape[dimensions - 1] % type.blockElements() != 0) {
        throw damaged("has rows of the tensor " + name + " that are no whole blocks");
      }
      return new GgufTensor(name, type, List.of(shape));
    }
  }
}
