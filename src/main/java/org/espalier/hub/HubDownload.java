package org.espalier.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;

/** Gathers one file, from where an earlier try stood, until its length and hash are right. */
final class HubDownload {
  /** Tries in a row that bring nothing. */
  private static final int MOST_VAIN_TRIES = 5;

  private final HubConnection connection;
  private final Pauses pauses;
  private final HubListing listing;
  private final HubFile file;
  private final Path partial;

  HubDownload(
      HubConnection connection, Pauses pauses, HubListing listing, HubFile file, Path partial) {
    this.connection = connection;
    this.pauses = pauses;
    this.listing = listing;
    this.file = file;
    this.partial = partial;
  }

  /**
   * Gathers and checks the file.
   *
   * @param progress told how many bytes of it are there
   * @throws EspalierException if it cannot be had; what is right of it so far is kept
   */
  void run(Progress progress) throws IOException {
    int vain = 0;
    while (present() < file.bytes() || !Files.exists(partial)) {
      long before = present();
      try {
        gather(before, progress);
      } catch (IOException e) {
        vain = present() > before ? 0 : vain + 1;
        if (vain >= MOST_VAIN_TRIES) {
          throw broken(e);
        }
        pauses.pause(Duration.ofSeconds(1L << vain), progress);
      }
    }
    if (!file.hash().matches(partial, progress)) {
      Files.delete(partial);
      throw new EspalierException(
          file.name()
              + " of "
              + listing.model()
              + " arrived with another content than the hub announced (wrong hash) and was deleted;"
              + " fetch it again, and check the network if that does not help.");
    }
  }

  private long present() throws IOException {
    return Files.exists(partial) ? Files.size(partial) : 0;
  }

  private void gather(long from, Progress progress) throws IOException {
    if (file.bytes() == 0) {
      Files.write(partial, new byte[0]);
      return;
    }
    String path = "/" + listing.model().id() + "/resolve/" + listing.commit() + "/" + file.name();
    try (HubConnection.Answer answer = connection.get(listing.model(), path, from, progress)) {
      if (answer.status() == 416) {
        Files.delete(partial);
        throw new IOException("the hub has no more of it");
      }
      long start = answer.status() == 206 ? start(answer, from) : 0;
      requireLength(answer, start);
      try (FileChannel channel =
          FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        channel.truncate(start);
        channel.position(start);
        receive(answer.body(), channel, start, progress);
        channel.force(true);
      }
    }
  }

  /** Where the bytes of a partial answer belong. */
  private long start(HubConnection.Answer answer, long from) throws IOException {
    String range = answer.header("Content-Range").orElse("");
    if (!range.startsWith("bytes " + from + "-")) {
      Files.delete(partial);
      throw new IOException("the server sent another part than was asked for");
    }
    return from;
  }

  private void requireLength(HubConnection.Answer answer, long start) {
    OptionalLong length = answer.response().headers().firstValueAsLong("Content-Length");
    if (length.isPresent() && start + length.getAsLong() != file.bytes()) {
      throw wrongLength(start + length.getAsLong());
    }
  }

  private EspalierException wrongLength(long bytes) {
    return new EspalierException(
        file.name()
            + " of "
            + listing.model()
            + " is sent with "
            + bytes
            + " bytes, but the hub's list says "
            + file.bytes()
            + "; try again later, or choose another revision.");
  }

  private void receive(ChunkQueue body, FileChannel channel, long start, Progress progress)
      throws IOException {
    long done = start;
    long[] shown = {start};
    Runnable waiting = () -> progress.report("Downloading " + file.name(), shown[0], file.bytes());
    for (Optional<List<ByteBuffer>> chunks = body.next(waiting);
        chunks.isPresent();
        chunks = body.next(waiting)) {
      for (ByteBuffer chunk : chunks.get()) {
        done += chunk.remaining();
        if (done > file.bytes()) {
          channel.truncate(0);
          throw wrongLength(done);
        }
        while (chunk.hasRemaining()) {
          channel.write(chunk);
        }
      }
      shown[0] = done;
      waiting.run();
    }
    if (done < file.bytes()) {
      throw new IOException("the connection ended early");
    }
  }

  private EspalierException broken(IOException cause) throws IOException {
    return new EspalierException(
        "The connection to "
            + connection.host()
            + " broke "
            + MOST_VAIN_TRIES
            + " times in a row; "
            + present()
            + " of "
            + file.bytes()
            + " bytes of "
            + file.name()
            + " are kept, so fetch the model again to go on from there.",
        cause);
  }
}
