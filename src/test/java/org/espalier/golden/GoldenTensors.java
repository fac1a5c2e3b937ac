package org.espalier.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.checkpoint.DType;
import org.espalier.checkpoint.TensorInfo;

/** Reads the header of a trusted safetensors file of reference values. */
public final class GoldenTensors {
  private GoldenTensors() {}

  /** All tensors of a file by name. */
  public static Map<String, TensorInfo> of(Path file) {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      int length = Math.toIntExact(Long.reverseBytes(in.readLong()));
      JsonNode header = new ObjectMapper().readTree(in.readNBytes(length));
      Map<String, TensorInfo> tensors = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : header.properties()) {
        JsonNode tensor = entry.getValue();
        if (tensor.has("data_offsets")) {
          List<Long> shape = new ArrayList<>();
          tensor.get("shape").forEach(size -> shape.add(size.asLong()));
          long begin = tensor.get("data_offsets").get(0).asLong();
          long end = tensor.get("data_offsets").get(1).asLong();
          tensors.put(
              entry.getKey(),
              new TensorInfo(
                  entry.getKey(),
                  DType.valueOf(tensor.get("dtype").asText()),
                  shape,
                  file,
                  8L + length + begin,
                  end - begin));
        }
      }
      return tensors;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The elements of one tensor, row by row, as doubles. */
  public static double[] doubles(TensorInfo tensor) {
    try (RandomAccessFile file = new RandomAccessFile(tensor.file().toFile(), "r")) {
      byte[] bytes = new byte[Math.toIntExact(tensor.byteLength())];
      file.seek(tensor.offset());
      file.readFully(bytes);
      ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      double[] values = new double[Math.toIntExact(tensor.elements())];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            switch (tensor.dtype()) {
              case F32 -> buffer.getFloat();
              case F64 -> buffer.getDouble();
              case I64 -> buffer.getLong();
              case U8 -> buffer.get();
              default -> throw new IllegalArgumentException("unexpected " + tensor.dtype());
            };
      }
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
