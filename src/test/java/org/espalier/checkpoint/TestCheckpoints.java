package org.espalier.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Builds small checkpoints byte by byte, valid ones and any other. */
final class TestCheckpoints {
  /** U8 a[4], F32 b[2,3] holding 0 to 5, F32 empty[0,7]. */
  static final String VALID_HEADER =
      "{\"__metadata__\":{\"format\":\"pt\"},"
          + entry("a", "U8", "[4]", 0, 4)
          + ","
          + entry("b", "F32", "[2,3]", 4, 28)
          + ","
          + entry("empty", "F32", "[0,7]", 28, 28)
          + "}";

  private TestCheckpoints() {}

  static String entry(String name, String dtype, String shape, long begin, long end) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
        .formatted(name, dtype, shape, begin, end);
  }

  static byte[] validData() {
    ByteBuffer data = ByteBuffer.allocate(28).order(ByteOrder.LITTLE_ENDIAN);
    data.put(new byte[] {1, 2, 3, 4});
    for (int i = 0; i < 6; i++) {
      data.putFloat(i);
    }
    return data.array();
  }

  static byte[] file(String header, byte[] data) {
    return file(header.getBytes(StandardCharsets.UTF_8), data);
  }

  static byte[] file(byte[] header, byte[] data) {
    return ByteBuffer.allocate(8 + header.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .put(data)
        .array();
  }

  static void configuration(Path folder) throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"model_type\":\"llama\"}");
  }

  static void valid(Path folder) throws IOException {
    configuration(folder);
    Files.write(folder.resolve("model.safetensors"), file(VALID_HEADER, validData()));
  }

  static void validSharded(Path folder) throws IOException {
    configuration(folder);
    byte[] data = validData();
    ByteBuffer rest = ByteBuffer.allocate(24).put(data, 4, 24);
    Files.write(
        folder.resolve("model-00001-of-00002.safetensors"),
        file("{" + entry("a", "U8", "[4]", 0, 4) + "}", new byte[] {1, 2, 3, 4}));
    Files.write(
        folder.resolve("model-00002-of-00002.safetensors"),
        file(
            "{"
                + entry("b", "F32", "[2,3]", 0, 24)
                + ","
                + entry("empty", "F32", "[0,7]", 24, 24)
                + "}",
            rest.array()));
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        """
        {"metadata": {"total_size": 28},
         "weight_map": {
           "a": "model-00001-of-00002.safetensors",
           "b": "model-00002-of-00002.safetensors",
           "empty": "model-00002-of-00002.safetensors"}}
        """);
  }

  /**
   * Writes the header and leaves the data to the file system as a hole; returns where it starts.
   */
  static long writeSparse(Path file, String header, long dataBytes) throws IOException {
    byte[] start = file(header, new byte[0]);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      channel.write(ByteBuffer.wrap(start));
      channel.write(ByteBuffer.wrap(new byte[1]), start.length + dataBytes - 1);
    }
    return start.length;
  }

  static void poke(Path file, long position, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes), position);
    }
  }
}
