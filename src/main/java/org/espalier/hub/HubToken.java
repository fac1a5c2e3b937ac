package org.espalier.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The user's access token for the hub: read when needed, never stored, shown or logged. */
final class HubToken {
  private final String secret;

  private HubToken(String secret) {
    this.secret = secret;
  }

  /** From {@code HF_TOKEN}, or from the file where the hub's own client keeps it. */
  static Optional<HubToken> of(Map<String, String> environment) {
    for (String key : new String[] {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
      Optional<HubToken> token = usable(environment.getOrDefault(key, ""));
      if (token.isPresent()) {
        return token;
      }
    }
    String path = environment.getOrDefault("HF_TOKEN_PATH", "");
    Path file =
        path.isBlank() ? HubCache.home(environment).resolve("token") : HubCache.expanded(path);
    try {
      return usable(Files.readString(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Anything but printable characters would break the request's header. */
  private static Optional<HubToken> usable(String text) {
    String secret = text.strip();
    return secret.isEmpty() || secret.chars().anyMatch(c -> c <= ' ' || c > '~')
        ? Optional.empty()
        : Optional.of(new HubToken(secret));
  }

  /** For the Authorization header alone. */
  String header() {
    return "Bearer " + secret;
  }

  @Override
  public String toString() {
    return "a token";
  }
}
