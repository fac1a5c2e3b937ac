package org.espalier.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.espalier.task.Progress;

/**
 * The hash that the hub keeps of a file.
 *
 * @param hex in lower case
 */
public record HubHash(Kind kind, String hex) {
  /** How it is computed. */
  public enum Kind {
    /** SHA-256 of the content, for large files. */
    SHA256("SHA-256", 64),
    /** As git names a file: SHA-1 of the word blob, the length, a zero byte and the content. */
    GIT_BLOB("SHA-1", 40);

    private final String algorithm;
    private final Pattern form;

    Kind(String algorithm, int digits) {
      this.algorithm = algorithm;
      form = Pattern.compile("[0-9a-f]{" + digits + "}");
    }
  }

  private static final int CHUNK = 1 << 20;

  /**
   * A hash.
   *
   * @throws IllegalArgumentException if the digits do not fit the kind
   */
  public HubHash {
    if (!kind.form.matcher(hex).matches()) {
      throw new IllegalArgumentException("no " + kind + ": " + hex);
    }
  }

  /** Whether a file has this hash. */
  boolean matches(Path file, Progress progress) throws IOException {
    MessageDigest digest = digest();
    long bytes = Files.size(file);
    if (kind == Kind.GIT_BLOB) {
      digest.update(("blob " + bytes + "\0").getBytes(StandardCharsets.US_ASCII));
    }
    byte[] buffer = new byte[CHUNK];
    long done = 0;
    try (InputStream input = Files.newInputStream(file)) {
      for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
        digest.update(buffer, 0, count);
        done += count;
        progress.report("Checking", Math.min(done, bytes), bytes);
      }
    }
    return HexFormat.of().formatHex(digest.digest()).equals(hex);
  }

  private MessageDigest digest() {
    try {
      return MessageDigest.getInstance(kind.algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has " + kind.algorithm, e);
    }
  }
}
