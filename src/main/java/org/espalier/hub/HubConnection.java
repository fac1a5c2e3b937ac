package org.espalier.hub;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;

/**
 * Asks the hub over HTTPS. Redirections are followed here, so that the token goes to the hub alone
 * and no step leaves encryption.
 */
final class HubConnection {
  private static final int MOST_REDIRECTIONS = 5;
  private static final int MOST_PAUSES = 4;
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

  /** An answer whose body is still to be read, by whoever closes it. */
  record Answer(HttpResponse<ChunkQueue> response) implements AutoCloseable {
    int status() {
      return response.statusCode();
    }

    Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }

    ChunkQueue body() {
      return response.body();
    }

    @Override
    public void close() {
      if (body() != null) { // absent where a proxy refused the connection itself
        body().close();
      }
    }
  }

  private final URI endpoint;
  private final Map<String, String> environment;
  private final Pauses pauses;
  private final HttpClient client;

  /**
   * @param endpoint the hub; what it redirects to must be HTTPS unless the hub itself is not, which
   *     only tests have
   */
  HubConnection(URI endpoint, Map<String, String> environment, Pauses pauses) {
    this.endpoint = endpoint;
    this.environment = environment;
    this.pauses = pauses;
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(pauses.patience())
            .proxy(HubProxy.of(environment))
            .build();
  }

  String host() {
    return endpoint.getHost();
  }

  /**
   * Asks for something of a model.
   *
   * @param path below the hub's address
   * @param from first byte that is wanted
   * @return an answer of status 200 or 206, or 416 where {@code from} lies behind the end
   * @throws IOException if the connection fails
   * @throws EspalierException if the hub refuses
   */
  Answer get(HubModel model, String path, long from, Progress progress) throws IOException {
    for (int pause = 0; ; pause++) {
      Answer answer = follow(endpoint.resolve(path), from, progress);
      int status = answer.status();
      if (status == 200 || status == 206 || (status == 416 && from > 0)) {
        return answer;
      }
      answer.close();
      if (status != 429 && status < 500) {
        throw refusal(model, status);
      }
      Duration wait = pauseAfter(answer, pause);
      if (pause >= MOST_PAUSES || wait.compareTo(LONGEST_PAUSE) > 0) {
        throw overloaded(status, wait);
      }
      pauses.pause(wait, progress);
    }
  }

  private Answer follow(URI first, long from, Progress progress) throws IOException {
    URI address = first;
    for (int step = 0; step <= MOST_REDIRECTIONS; step++) {
      Answer answer = send(request(address, from), progress);
      Optional<String> location = answer.header("Location");
      if (answer.status() / 100 != 3 || location.isEmpty()) {
        return answer;
      }
      answer.close();
      URI next;
      try {
        next = address.resolve(location.get());
      } catch (IllegalArgumentException e) {
        throw new IOException("the hub redirected to a senseless address", e);
      }
      if (next.getHost() == null) {
        throw new IOException("the hub redirected to a senseless address");
      }
      boolean encrypted = "https".equals(next.getScheme());
      if (!encrypted && (encrypted(endpoint) || !next.getHost().equals(endpoint.getHost()))) {
        throw new EspalierException(
            "The hub redirected to an address without encryption ("
                + next.getScheme()
                + "://"
                + next.getHost()
                + "), which is not followed; check the network, and tell the model's owner.");
      }
      address = next;
    }
    throw new EspalierException(
        "The hub redirected more than " + MOST_REDIRECTIONS + " times; try again later.");
  }

  private static boolean encrypted(URI uri) {
    return "https".equals(uri.getScheme());
  }

  private HttpRequest request(URI address, long from) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(pauses.patience())
            .header("User-Agent", "espalier")
            // A packed body would have another length than the file.
            .header("Accept-Encoding", "identity");
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    if (address.getScheme().equals(endpoint.getScheme())
        && address.getAuthority().equals(endpoint.getAuthority())) {
      HubToken.of(environment).ifPresent(token -> request.header("Authorization", token.header()));
    }
    return request.build();
  }

  private Answer send(HttpRequest request, Progress progress) throws IOException {
    CompletableFuture<HttpResponse<ChunkQueue>> response =
        client.sendAsync(request, head -> new ChunkQueue(pauses.patience()));
    try {
      while (true) {
        try {
          return new Answer(response.get(1, TimeUnit.SECONDS));
        } catch (TimeoutException e) {
          progress.report("Waiting for " + request.uri().getHost(), 0, 0);
        }
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      response.cancel(true);
    }
  }

  private static Duration pauseAfter(Answer answer, int pause) {
    Duration usual = Duration.ofSeconds(1L << pause);
    try {
      return answer
          .header("Retry-After")
          .map(seconds -> Duration.ofSeconds(Math.max(0, Long.parseLong(seconds.strip()))))
          .orElse(usual);
    } catch (NumberFormatException e) {
      return usual; // a date, which few servers send
    }
  }

  private EspalierException overloaded(int status, Duration wait) {
    return new EspalierException(
        status == 429
            ? "The hub asks to wait because of too many requests (429); try again in "
                + Math.max(1, wait.toSeconds())
                + " s, or set HF_TOKEN, which raises the limit."
            : "The hub has a fault of its own (status " + status + "); try again later.");
  }

  private EspalierException refusal(HubModel model, int status) {
    boolean known = HubToken.of(environment).isPresent();
    return new EspalierException(
        switch (status) {
          case 401 ->
              known
                  ? "The hub does not accept the token (401); make a new one and put it into"
                      + " HF_TOKEN."
                  : model
                      + " does not exist on the hub or is not open to everybody (401); check the"
                      + " name, or set HF_TOKEN to a token of an account that may read it.";
          case 403 ->
              "The hub refuses "
                  + model
                  + " (403); accept its conditions at "
                  + endpoint.resolve("/" + model.id())
                  + (known ? " with the account of your token." : ", then set HF_TOKEN.");
          case 404 ->
              "The hub has no "
                  + model.id()
                  + " at revision "
                  + model.revision()
                  + " (404); check the name and the revision.";
          case 407 ->
              "The proxy asks for a password (407), which is not supported; use one without, or"
                  + " copy the files into a folder yourself.";
          default ->
              "The hub answered with status "
                  + status
                  + " to a request for "
                  + model
                  + "; try again later.";
        });
  }
}
