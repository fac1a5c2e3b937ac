package org.espalier.hub;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of an answer, piece by piece, for a reader that must notice silence and cancelling: a
 * plain stream would block in its read for as long as the server says nothing.
 */
final class ChunkQueue implements HttpResponse.BodySubscriber<ChunkQueue>, AutoCloseable {
  private record Event(List<ByteBuffer> chunks, Throwable failure) {}

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Duration patience;
  private volatile Flow.Subscription subscription;
  private volatile boolean closed;

  /**
   * @param patience how long the server may say nothing
   */
  ChunkQueue(Duration patience) {
    this.patience = patience;
  }

  @Override
  public CompletionStage<ChunkQueue> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription made) {
    subscription = made;
    if (closed) {
      made.cancel();
    } else {
      made.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> chunks) {
    events.add(new Event(chunks, null));
  }

  @Override
  public void onError(Throwable failure) {
    events.add(new Event(List.of(), failure));
  }

  @Override
  public void onComplete() {
    events.add(new Event(null, null));
  }

  /**
   * The next pieces; empty at the end.
   *
   * @param stillWaiting called about once a second; may throw to stop
   * @throws IOException if the connection broke or fell silent
   */
  Optional<List<ByteBuffer>> next(Runnable stillWaiting) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      while (true) {
        Event event = events.poll(Math.min(1000, patience.toMillis()), TimeUnit.MILLISECONDS);
        if (event == null) {
          stillWaiting.run();
          if (System.nanoTime() > deadline) {
            throw new IOException("the server fell silent");
          }
        } else if (event.failure() != null) {
          throw new IOException(event.failure());
        } else if (event.chunks() == null) {
          return Optional.empty();
        } else {
          subscription.request(1);
          return Optional.of(event.chunks());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    Flow.Subscription made = subscription;
    if (made != null) {
      made.cancel();
    }
  }
}
