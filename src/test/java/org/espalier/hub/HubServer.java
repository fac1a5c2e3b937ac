package org.espalier.hub;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A stand-in for the hub on this machine, as moody as asked. */
final class HubServer implements AutoCloseable {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  /** What the server does with one request instead of answering it well. */
  interface Mood {
    void answer(HttpExchange exchange, byte[] content) throws IOException;
  }

  /** One request as it came. */
  record Seen(String path, String range, String authorization) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Map<String, ObjectNode> entries = new LinkedHashMap<>();
  private final Map<String, Deque<Mood>> moods = new LinkedHashMap<>();
  final List<Seen> seen = new CopyOnWriteArrayList<>();

  HubServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** A large file, listed with its SHA-256. */
  HubServer large(String name, byte[] content) {
    ObjectNode entry = entry(name, content);
    entry
        .putObject("lfs")
        .put("sha256", hex("SHA-256", content))
        .put("size", content.length)
        .put("pointerSize", 134);
    return this;
  }

  /** A small file, listed with its git hash. */
  HubServer small(String name, byte[] content) {
    byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
    byte[] whole = Arrays.copyOf(head, head.length + content.length);
    System.arraycopy(content, 0, whole, head.length, content.length);
    entry(name, content).put("blobId", hex("SHA-1", whole));
    return this;
  }

  HubServer small(String name, String content) {
    return small(name, content.getBytes(StandardCharsets.UTF_8));
  }

  private ObjectNode entry(String name, byte[] content) {
    ObjectNode entry =
        JsonNodeFactory.instance.objectNode().put("rfilename", name).put("size", content.length);
    files.put(name, content);
    entries.put(name, entry);
    return entry;
  }

  /** The list's entry of a file, to be changed. */
  ObjectNode listed(String name) {
    return entries.get(name);
  }

  /** The next requests for a file, or for the list where the name is empty. */
  HubServer next(String name, Mood... wanted) {
    moods.computeIfAbsent(name, key -> new ArrayDeque<>()).addAll(List.of(wanted));
    return this;
  }

  static Mood status(int status) {
    return (exchange, content) -> {
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
    };
  }

  static Mood redirect(String location) {
    return (exchange, content) -> {
      exchange.getResponseHeaders().add("Location", location);
      exchange.sendResponseHeaders(302, -1);
      exchange.close();
    };
  }

  /** Sends so many bytes of what was asked for and drops the connection. */
  static Mood dropAfter(int bytes) {
    return (exchange, content) -> {
      int from = from(exchange);
      head(exchange, content, from);
      try (exchange) {
        exchange.getResponseBody().write(content, from, Math.min(bytes, content.length - from));
        exchange.getResponseBody().flush();
      }
    };
  }

  private static int from(HttpExchange exchange) {
    String range = exchange.getRequestHeaders().getFirst("Range");
    return range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
  }

  private static void head(HttpExchange exchange, byte[] content, int from) throws IOException {
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .add(
              "Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
  }

  private void handle(HttpExchange exchange) throws IOException {
    // A client of a proxy names the host, too.
    String path = exchange.getRequestURI().toString().replaceFirst("^http://[^/]+", "");
    seen.add(
        new Seen(
            path,
            exchange.getRequestHeaders().getFirst("Range"),
            exchange.getRequestHeaders().getFirst("Authorization")));
    boolean list = path.startsWith("/api/");
    String name = list ? "" : path.substring(path.lastIndexOf('/') + 1);
    byte[] content = list ? list() : files.getOrDefault(name, new byte[0]);
    Deque<Mood> waiting = moods.getOrDefault(name, new ArrayDeque<>());
    if (!waiting.isEmpty()) {
      waiting.poll().answer(exchange, content);
    } else {
      dropAfter(Integer.MAX_VALUE).answer(exchange, content);
    }
  }

  private byte[] list() {
    ObjectNode list = JsonNodeFactory.instance.objectNode().put("sha", COMMIT);
    list.putArray("siblings").addAll(entries.values());
    return list.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String hex(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
