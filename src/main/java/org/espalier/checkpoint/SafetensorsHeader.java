package org.espalier.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The validated header of one safetensors file: eight bytes of header length, a JSON object, then
 * the tensors' bytes without gaps up to the end of the file.
 *
 * <p>Checks everything that the format's reference implementation checks before any tensor byte is
 * used. The JSON is read as a stream, so a hostile header costs little more memory than its own
 * size.
 *
 * @param tensors in the order of their bytes
 * @param metadata the optional {@code __metadata__} entry
 */
record SafetensorsHeader(List<TensorInfo> tensors, Map<String, String> metadata) {
  static final int LENGTH_BYTES = 8;

  /** Limit of the format. */
  static final long LARGEST_HEADER = 100_000_000;

  static final String METADATA_KEY = "__metadata__";

  /** Limits of this reader, far above any decoder, so that a header cannot fill the memory. */
  private static final int MOST_TENSORS = 250_000;

  private static final int MOST_DIMENSIONS = 32;

  SafetensorsHeader {
    tensors = List.copyOf(tensors);
    metadata = Map.copyOf(metadata);
  }

  /** Reads and validates the header of a regular file. */
  static SafetensorsHeader read(Path file) {
    try {
      return readUnadvised(file);
    } catch (CheckpointException e) {
      throw e.hasAdvice() ? e : e.advising("copy or download it again");
    }
  }

  private static SafetensorsHeader readUnadvised(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long fileSize = channel.size();
      long headerLength = headerLength(file, channel, fileSize);
      byte[] json = new byte[Math.toIntExact(headerLength)];
      readFully(file, channel, ByteBuffer.wrap(json), LENGTH_BYTES);
      if (json.length == 0 || json[0] != '{') {
        throw new CheckpointException(file, "its header does not start with '{'");
      }
      StrictJson.requireUtf8(file, json);
      long dataStart = LENGTH_BYTES + headerLength;
      return new Reader(file, dataStart, fileSize - dataStart).read(json);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          file, "its header is not valid JSON: " + StrictJson.reason(e), e);
    } catch (IOException e) {
      throw new CheckpointException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  private static long headerLength(Path file, FileChannel channel, long fileSize)
      throws IOException {
    if (fileSize == 0) {
      throw new CheckpointException(file, "is empty");
    }
    ByteBuffer start =
        ByteBuffer.allocate((int) Math.min(fileSize, 64)).order(ByteOrder.LITTLE_ENDIAN);
    readFully(file, channel, start, 0);
    start.flip();
    foreignFormat(start)
        .ifPresent(
            reason -> {
              throw new CheckpointException(file, reason).advised();
            });
    if (fileSize < LENGTH_BYTES) {
      throw new CheckpointException(
          file, "has only " + fileSize + " bytes, too short for a safetensors file");
    }
    long length = start.getLong(0);
    if (length < 0 || length > LARGEST_HEADER) {
      throw new CheckpointException(
          file,
          "its header claims "
              + Long.toUnsignedString(length)
              + " bytes; the format allows at most "
              + LARGEST_HEADER);
    }
    if (length > fileSize - LENGTH_BYTES) {
      throw new CheckpointException(
          file,
          "its header claims "
              + length
              + " bytes but the file has only "
              + (fileSize - LENGTH_BYTES)
              + " after the length; it is truncated or not a safetensors file");
    }
    return length;
  }

  /** Recognises what people put in the place of a safetensors file most often. */
  private static Optional<String> foreignFormat(ByteBuffer start) {
    byte[] bytes = new byte[start.remaining()];
    start.duplicate().get(bytes);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (text.startsWith("version https://git-lfs")) {
      return Optional.of(
          "is a Git LFS pointer, not the weights themselves; fetch them with 'git lfs pull'");
    }
    if (text.startsWith("PK\3\4") || text.startsWith("\u0080\2")) {
      return Optional.of(
          "is a pickle or zip archive under another name; opening one could run code from it, so"
              + " convert it to safetensors first");
    }
    if (text.startsWith("GGUF")) {
      return Optional.of("is a GGUF file; choose the original Hugging Face checkpoint instead");
    }
    return Optional.empty();
  }

  private static void readFully(Path file, FileChannel channel, ByteBuffer target, long position)
      throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int count = channel.read(target, at);
      if (count < 0) {
        throw new CheckpointException(file, "ended while it was read; it is changing or damaged");
      }
      at += count;
    }
  }

  /** Reads the JSON of one header. */
  private static final class Reader {
    private final Path file;
    private final long dataStart;
    private final long dataBytes;
    private final List<TensorInfo> tensors = new ArrayList<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    Reader(Path file, long dataStart, long dataBytes) {
      this.file = file;
      this.dataStart = dataStart;
      this.dataBytes = dataBytes;
    }

    SafetensorsHeader read(byte[] json) throws IOException {
      try (JsonParser parser = StrictJson.FACTORY.createParser(json)) {
        parser.nextToken();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          if (name == null) {
            throw failure(null, "its header ends inside the JSON object");
          }
          parser.nextToken();
          if (name.equals(METADATA_KEY)) {
            readMetadata(parser);
          } else {
            readTensor(parser, name);
          }
        }
        if (parser.nextToken() != null) {
          throw failure(null, "its header goes on after the JSON object");
        }
      }
      tensors.sort(
          Comparator.comparingLong(TensorInfo::offset).thenComparingLong(TensorInfo::byteLength));
      requireContiguous();
      return new SafetensorsHeader(tensors, metadata);
    }

    private void readMetadata(JsonParser parser) throws IOException {
      if (!parser.isExpectedStartObjectToken()) {
        throw failure(null, METADATA_KEY + " must be an object of texts");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        if (parser.nextToken() != JsonToken.VALUE_STRING) {
          throw failure(null, METADATA_KEY + " entry '" + key + "' must be a text");
        }
        metadata.put(key, parser.getText());
      }
    }

    private void readTensor(JsonParser parser, String name) throws IOException {
      if (!parser.isExpectedStartObjectToken()) {
        throw failure(name, "its entry must be an object with dtype, shape and data_offsets");
      }
      if (tensors.size() == MOST_TENSORS) {
        throw failure(null, "holds more than " + MOST_TENSORS + " tensors");
      }
      DType dtype = null;
      List<Long> shape = null;
      List<Long> offsets = null;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "dtype" -> dtype = readDType(parser, name);
          case "shape" -> shape = readIntegers(parser, name, "shape", MOST_DIMENSIONS);
          case "data_offsets" -> offsets = readIntegers(parser, name, "data_offsets", 2);
          default -> throw failure(name, "has an unknown field '" + field + "' in the header");
        }
      }
      if (dtype == null || shape == null || offsets == null) {
        throw failure(name, "lacks dtype, shape or data_offsets in the header");
      }
      if (offsets.size() != 2) {
        throw failure(name, "its data_offsets must be two numbers");
      }
      tensors.add(locate(name, dtype, shape, offsets.get(0), offsets.get(1)));
    }

    private DType readDType(JsonParser parser, String tensor) throws IOException {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        throw failure(tensor, "its dtype must be a text");
      }
      String name = parser.getText();
      for (DType dtype : DType.values()) {
        if (dtype.name().equals(name)) {
          return dtype;
        }
      }
      throw failure(
          tensor,
          "has the dtype '"
              + name
              + "', which is not supported; convert the checkpoint to BF16, F16 or F32");
    }

    private List<Long> readIntegers(JsonParser parser, String tensor, String field, int most)
        throws IOException {
      if (!parser.isExpectedStartArrayToken()) {
        throw failure(tensor, "its " + field + " must be a list of whole numbers");
      }
      List<Long> values = new ArrayList<>(4);
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
          throw failure(tensor, "its " + field + " must hold whole numbers only");
        }
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
          throw failure(tensor, "its " + field + " holds a number that is too large");
        }
        if (parser.getLongValue() < 0) {
          throw failure(tensor, "its " + field + " holds a negative number");
        }
        if (values.size() == most) {
          throw failure(tensor, "its " + field + " has more than " + most + " entries");
        }
        values.add(parser.getLongValue());
      }
      return values;
    }

    private TensorInfo locate(String name, DType dtype, List<Long> shape, long begin, long end) {
      if (end < begin) {
        throw failure(name, "ends (" + end + ") before it begins (" + begin + ")");
      }
      if (end > dataBytes) {
        throw failure(
            name,
            "reaches to data byte "
                + end
                + " but the file has only "
                + dataBytes
                + " data bytes; it is truncated or damaged");
      }
      long bytes = byteLength(name, dtype, shape);
      if (bytes != end - begin) {
        throw failure(
            name,
            dtype
                + " of shape "
                + shape
                + " needs "
                + bytes
                + " bytes but its data_offsets give it "
                + (end - begin));
      }
      return new TensorInfo(name, dtype, shape, file, dataStart + begin, bytes);
    }

    private long byteLength(String name, DType dtype, List<Long> shape) {
      long product = dtype.bytes();
      try {
        for (long dimension : shape) {
          product = Math.multiplyExact(product, dimension);
        }
      } catch (ArithmeticException e) {
        throw new CheckpointException(
            file, name, "its shape " + shape + " is larger than any file", e);
      }
      return product;
    }

    private void requireContiguous() {
      long expected = dataStart;
      String previous = "the header";
      for (TensorInfo tensor : tensors) {
        if (tensor.offset() < expected) {
          throw failure(tensor.name(), "overlaps " + previous);
        }
        if (tensor.offset() > expected) {
          throw failure(
              tensor.name(),
              "leaves a hole of " + (tensor.offset() - expected) + " bytes after " + previous);
        }
        expected += tensor.byteLength();
        previous = "tensor " + tensor.name();
      }
      if (expected != dataStart + dataBytes) {
        throw failure(
            null,
            "has "
                + (dataStart + dataBytes - expected)
                + " bytes after its last tensor that no tensor owns");
      }
    }

    private CheckpointException failure(String tensor, String reason) {
      return new CheckpointException(file, tensor, reason);
    }
  }
}
