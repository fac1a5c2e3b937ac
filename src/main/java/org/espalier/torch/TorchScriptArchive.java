package org.espalier.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Wraps TorchScript functions as the archive of a module without weights, in memory: a stored zip
 * with the source text, a fixed pickle that makes one empty object, no constants, and the format
 * version.
 */
final class TorchScriptArchive {
  private static final String TYPE = "__torch__.Espalier";

  private TorchScriptArchive() {}

  /** Reads functions from a resource and wraps them. */
  static byte[] fromResource(String resource) {
    try (InputStream in = TorchScriptArchive.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no TorchScript resource " + resource);
      }
      return fromFunctions(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Wraps {@code def} functions that start at the left margin. */
  static byte[] fromFunctions(String functions) {
    String body =
        functions
            .replaceAll("(?m)^(def \\w+\\(self)", "$1: " + TYPE)
            .replaceAll("(?m)^(?=.)", "  ");
    String module =
        "class Espalier(Module):\n"
            + "  __parameters__ = []\n"
            + "  __buffers__ = []\n"
            + "  training : bool\n"
            + "  _is_full_backward_hook : Optional[bool]\n"
            + body
            + "\n";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      store(zip, "espalier/data.pkl", emptyObject());
      store(zip, "espalier/code/__torch__.py", module.getBytes(StandardCharsets.UTF_8));
      store(zip, "espalier/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
      store(zip, "espalier/version", "10\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Pickle of one object of the module's type with its two standard attributes. */
  private static byte[] emptyObject() {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.write(0x80);
    pickle.write(2);
    pickle.writeBytes("c__torch__\nEspalier\nq".getBytes(StandardCharsets.US_ASCII));
    pickle.write(0);
    pickle.write(')');
    pickle.write(0x81);
    pickle.writeBytes("}(".getBytes(StandardCharsets.US_ASCII));
    writeText(pickle, "training");
    pickle.write(0x89);
    writeText(pickle, "_is_full_backward_hook");
    pickle.writeBytes("Nubq".getBytes(StandardCharsets.US_ASCII));
    pickle.write(1);
    pickle.write('.');
    return pickle.toByteArray();
  }

  private static void writeText(ByteArrayOutputStream pickle, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    pickle.write('X');
    pickle.write(bytes.length);
    pickle.write(0);
    pickle.write(0);
    pickle.write(0);
    pickle.writeBytes(bytes);
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    entry.setTime(0);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
