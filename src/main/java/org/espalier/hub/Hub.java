package org.espalier.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.checkpoint.StrictJson;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;

/**
 * Models of the Hugging Face hub: found in the cache that programs share, or downloaded into it.
 * The only part of the program that talks to the network, and only when a model is asked for by
 * name.
 */
public final class Hub {
  private static final URI ADDRESS = URI.create("https://huggingface.co");
  private static final int LONGEST_LIST = 32 << 20;

  /** Left free on the disk beside what is downloaded. */
  private static final long SPARE_BYTES = 64L << 20;

  private final Map<String, String> environment;
  private final HubCache cache;
  private final Pauses pauses;
  private final URI endpoint;

  /**
   * @param endpoint another than the hub's own only in tests
   */
  Hub(URI endpoint, Map<String, String> environment, Pauses pauses) {
    this.endpoint = endpoint;
    this.environment = environment;
    this.pauses = pauses;
    cache = HubCache.of(environment);
  }

  /** The hub, with the cache, the token and the proxy that this process's environment names. */
  public static Hub ofEnvironment() {
    return new Hub(ADDRESS, System.getenv(), Pauses.USUAL);
  }

  /** Where models are kept. */
  public Path cacheFolder() {
    return cache.folder();
  }

  /** The model whose snapshot in a cache a folder is, as {@code ORG/NAME}; empty for others. */
  public static Optional<String> idOf(Path folder) {
    return HubCache.idOf(folder);
  }

  /** The folder of a model that was downloaded before, by whatever program; asks nobody. */
  public Optional<Path> find(HubModel model) {
    return cache.find(model);
  }

  /**
   * Asks the hub what a model consists of; downloads nothing.
   *
   * @throws EspalierException if it cannot be reached or refuses
   */
  public HubListing list(HubModel model, Progress progress) {
    HubConnection connection = connection();
    String path =
        "/api/models/"
            + model.id()
            + "/revision/"
            + model.revision().replace("/", "%2F")
            + "?blobs=true";
    progress.report("Asking " + connection.host() + " about " + model, 0, 0);
    JsonNode answer;
    try (HubConnection.Answer received = connection.get(model, path, 0, progress)) {
      answer = StrictJson.parseObject(read(received.body(), progress));
    } catch (IOException e) {
      throw unreachable(connection, model, e);
    }
    String commit = answer.path("sha").asText();
    return HubListing.of(model, answer, file -> !cache.has(model, commit, file));
  }

  private static byte[] read(ChunkQueue body, Progress progress) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Runnable waiting = () -> progress.report("Reading the list of files", 0, 0);
    for (Optional<List<ByteBuffer>> chunks = body.next(waiting);
        chunks.isPresent();
        chunks = body.next(waiting)) {
      for (ByteBuffer chunk : chunks.get()) {
        byte[] part = new byte[chunk.remaining()];
        chunk.get(part);
        bytes.write(part);
        if (bytes.size() > LONGEST_LIST) {
          throw new IOException("the list of files does not end");
        }
      }
    }
    return bytes.toByteArray();
  }

  private HubConnection connection() {
    return new HubConnection(endpoint, environment, pauses);
  }

  private EspalierException unreachable(HubConnection connection, HubModel model, IOException e) {
    return new EspalierException(
        model
            + " could not be asked for at "
            + connection.host()
            + " ("
            + reason(e)
            + "); check the network and HTTPS_PROXY"
            + (find(model).isPresent() ? "; an earlier download of it can be opened." : "."),
        e);
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getMessage() == null
        || cause.getCause() != null && cause.getMessage().equals(cause.getCause().toString())) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  /**
   * Downloads what is missing of a model; goes on where an earlier try stood.
   *
   * @param progress told the bytes that are there, of those in all
   * @return the folder that can be opened
   * @throws EspalierException if the disk is too small, a file cannot be had or is not what the hub
   *     announced; whole files and right parts are kept
   */
  public Path fetch(HubListing listing, Progress progress) {
    HubModel model = listing.model();
    HubConnection connection = connection();
    try (FileChannel lock = lock(model)) {
      requireRoom(listing);
      long done = 0;
      for (HubFile file : listing.files()) {
        if (!cache.has(model, listing.commit(), file)) {
          Progress within = within(progress, done, listing.bytes());
          new HubDownload(connection, pauses, listing, file, cache.incomplete(model, file))
              .run(within);
          cache.keep(model, file);
        }
        done += file.bytes();
        progress.report("Downloaded " + file.name(), done, listing.bytes());
      }
      for (HubFile file : listing.files()) {
        cache.show(model, listing.commit(), file);
      }
      cache.remember(model, listing.commit());
      return cache.snapshot(model, listing.commit());
    } catch (IOException e) {
      throw new EspalierException(
          "The download of "
              + model
              + " into "
              + cache.folder()
              + " failed ("
              + reason(e)
              + "); what arrived is kept, so fetch it again to go on.",
          e);
    }
  }

  /** Progress within one file as progress within all of them. */
  private static Progress within(Progress progress, long before, long all) {
    return (stage, done, total) ->
        progress.report(stage, total > 0 ? Math.min(all, before + done) : before, all);
  }

  private FileChannel lock(HubModel model) throws IOException {
    FileChannel channel =
        FileChannel.open(cache.lock(model), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw new EspalierException(model + " is being downloaded already; wait for that to end.");
    }
    return channel;
  }

  private void requireRoom(HubListing listing) throws IOException {
    long gathered = 0;
    for (HubFile file : listing.files()) {
      Path partial = cache.incomplete(listing.model(), file);
      if (Files.exists(partial)) {
        gathered += Files.size(partial);
      }
    }
    FileStore disk = Files.getFileStore(cache.folder());
    long needed = Math.max(0, listing.missingBytes() - gathered) + SPARE_BYTES;
    if (disk.getUsableSpace() < needed) {
      throw new EspalierException(
          "%s needs %d MB more, but the disk of %s has %d MB free; make room, or set HF_HUB_CACHE to a folder on another disk."
              .formatted(
                  listing.model(),
                  needed / 1_000_000,
                  cache.folder(),
                  disk.getUsableSpace() / 1_000_000));
    }
  }
}
