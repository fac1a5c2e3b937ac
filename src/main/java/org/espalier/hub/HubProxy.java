package org.espalier.hub;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.task.EspalierException;

/**
 * The proxy that the environment names ({@code HTTPS_PROXY}, {@code NO_PROXY}), as other programs
 * read it; Java's own settings come first.
 */
final class HubProxy extends ProxySelector {
  private static final int USUAL_PORT = 8080;

  private final Proxy proxy;
  private final List<String> direct;

  private HubProxy(Proxy proxy, List<String> direct) {
    this.proxy = proxy;
    this.direct = direct;
  }

  /**
   * What decides about the proxy of a connection.
   *
   * @throws EspalierException if the environment names a proxy that makes no sense
   */
  static ProxySelector of(Map<String, String> environment) {
    if (System.getProperty("https.proxyHost") != null) {
      return ProxySelector.getDefault();
    }
    Optional<String> address =
        Stream.of("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
            .map(key -> environment.getOrDefault(key, "").strip())
            .filter(value -> !value.isEmpty())
            .findFirst();
    if (address.isEmpty()) {
      return ProxySelector.getDefault();
    }
    String exceptions =
        environment.getOrDefault("NO_PROXY", environment.getOrDefault("no_proxy", ""));
    return new HubProxy(
        proxy(address.get()),
        Stream.of(exceptions.toLowerCase(Locale.ROOT).split(","))
            .map(String::strip)
            .filter(host -> !host.isEmpty())
            .toList());
  }

  private static Proxy proxy(String address) {
    try {
      URI uri = URI.create(address.contains("://") ? address : "http://" + address);
      if (uri.getHost() != null && "http".equals(uri.getScheme())) {
        int port = uri.getPort() < 0 ? USUAL_PORT : uri.getPort();
        return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(uri.getHost(), port));
      }
    } catch (IllegalArgumentException e) {
      // the sentence below says all; the address may hold a password
    }
    throw new EspalierException(
        "HTTPS_PROXY is set, but not to an address like http://host:port; correct or remove it.");
  }

  @Override
  public List<Proxy> select(URI uri) {
    String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    boolean exempt =
        direct.stream()
            .map(name -> name.startsWith(".") ? name.substring(1) : name)
            .anyMatch(name -> name.equals("*") || host.equals(name) || host.endsWith("." + name));
    return List.of(exempt ? Proxy.NO_PROXY : proxy);
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, java.io.IOException failure) {
    // the failed request tells it
  }
}
