package org.espalier.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.espalier.task.Progress;

/**
 * SHA-256 over config.json and every tensor (name, dtype, shape, bytes).
 *
 * <p>Tensors are taken by name and hashed in pieces of 16 MiB whose digests are hashed in turn, so
 * several threads share the work and the result does not depend on how the weights are sharded.
 */
final class ContentHash {
  private static final int PIECE_BYTES = 16 << 20;
  private static final int MOST_THREADS = 4;

  private ContentHash() {}

  static String of(Checkpoint checkpoint, Path configFile, Progress progress) {
    MessageDigest whole = sha256();
    try {
      whole.update(sha256().digest(Files.readAllBytes(configFile)));
    } catch (IOException e) {
      throw new CheckpointException(configFile, "cannot be read: " + e.getMessage(), e);
    }
    long total = checkpoint.tensors().values().stream().mapToLong(TensorInfo::byteLength).sum();
    int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    ExecutorService executor =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "checkpoint hash");
              thread.setDaemon(true);
              return thread;
            });
    try {
      Iterator<TensorInfo> tensors = new TreeMap<>(checkpoint.tensors()).values().iterator();
      long done = 0;
      while (tensors.hasNext()) {
        TensorInfo tensor = tensors.next();
        progress.report("Hashing " + tensor.name(), done, total);
        whole.update(describe(tensor));
        done = addTensor(checkpoint, tensor, executor, threads, whole, done, total, progress);
      }
      progress.report("Hashed the checkpoint", total, total);
    } finally {
      executor.shutdownNow();
    }
    return HexFormat.of().formatHex(whole.digest());
  }

  private static long addTensor(
      Checkpoint checkpoint,
      TensorInfo tensor,
      ExecutorService executor,
      int threads,
      MessageDigest whole,
      long doneBefore,
      long total,
      Progress progress) {
    Queue<Future<byte[]>> waiting = new ArrayDeque<>();
    long from = 0;
    long done = doneBefore;
    while (from < tensor.byteLength() || !waiting.isEmpty()) {
      if (from < tensor.byteLength() && waiting.size() <= threads) {
        int count = (int) Math.min(PIECE_BYTES, tensor.byteLength() - from);
        ByteBuffer piece = checkpoint.map(tensor, from, count);
        waiting.add(
            executor.submit(
                () -> {
                  MessageDigest digest = sha256();
                  digest.update(piece);
                  return digest.digest();
                }));
        from += count;
      } else {
        whole.update(result(tensor, waiting.remove()));
        done = Math.min(done + PIECE_BYTES, doneBefore + tensor.byteLength());
        progress.report("Hashing " + tensor.name(), done, total);
      }
    }
    return done;
  }

  private static byte[] result(TensorInfo tensor, Future<byte[]> piece) {
    try {
      return piece.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CheckpointException(tensor.file(), tensor.name(), "hashing was interrupted", e);
    } catch (ExecutionException e) {
      throw new CheckpointException(
          tensor.file(), tensor.name(), "cannot be read: " + e.getCause().getMessage(), e);
    }
  }

  private static byte[] describe(TensorInfo tensor) {
    String text = "\n" + tensor.name() + "\n" + tensor.dtype() + tensor.shape() + "\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
