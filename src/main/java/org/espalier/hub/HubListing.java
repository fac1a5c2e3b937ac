package org.espalier.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.espalier.task.EspalierException;

/**
 * What would be downloaded of a model: weights as safetensors, JSON, tokenizer and licence texts;
 * never pickles or code.
 *
 * @param commit that the revision means at present
 * @param missingBytes of the files that are not in the cache yet
 */
public record HubListing(HubModel model, String commit, List<HubFile> files, long missingBytes) {
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}");
  private static final Pattern WEIGHTS =
      Pattern.compile("model(?:-\\d{5}-of-\\d{5})?\\.safetensors");
  private static final String SAFETENSORS = ".safetensors";
  private static final Set<String> TOKENIZER_FILES =
      Set.of("tokenizer.model", "merges.txt", "vocab.txt", "chat_template.jinja");
  private static final List<String> LEGAL =
      List.of("license", "licence", "notice", "copying", "use_policy");

  public HubListing {
    files = List.copyOf(files);
  }

  /** Bytes of all files. */
  public long bytes() {
    return files.stream().mapToLong(HubFile::bytes).sum();
  }

  /**
   * Reads what the hub answered.
   *
   * @param missing whether a file is not in the cache yet
   * @throws EspalierException if the model has no safetensors weights or the answer makes no sense
   */
  static HubListing of(HubModel model, JsonNode answer, Predicate<HubFile> missing) {
    String commit = answer.path("sha").asText();
    if (!HubModel.isCommit(commit)) {
      throw senseless(model, "names no commit");
    }
    List<HubFile> wanted = new ArrayList<>();
    for (JsonNode sibling : answer.path("siblings")) {
      String name = sibling.path("rfilename").asText();
      if (PLAIN_NAME.matcher(name).matches() && isWanted(name)) {
        wanted.add(file(model, name, sibling));
      }
    }
    boolean usual = wanted.stream().anyMatch(file -> WEIGHTS.matcher(file.name()).matches());
    if (usual) {
      // Other safetensors are the same weights once more, in other layouts or element types.
      wanted.removeIf(
          file -> file.name().endsWith(SAFETENSORS) && !WEIGHTS.matcher(file.name()).matches());
    }
    if (wanted.stream().noneMatch(file -> file.name().endsWith(SAFETENSORS))) {
      throw new EspalierException(
          model
              + " has no safetensors weights on the hub; choose a revision or another model that"
              + " has them (pickle files are never opened).");
    }
    if (wanted.stream().noneMatch(file -> file.name().equals("config.json"))) {
      throw new EspalierException(
          model + " has no config.json on the hub, so it is no model that can be opened.");
    }
    long missingBytes = wanted.stream().filter(missing).mapToLong(HubFile::bytes).sum();
    return new HubListing(model, commit, wanted, missingBytes);
  }

  private static boolean isWanted(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(SAFETENSORS)
        || lower.endsWith(".json")
        || TOKENIZER_FILES.contains(name)
        || LEGAL.stream().anyMatch(lower::startsWith);
  }

  private static HubFile file(HubModel model, String name, JsonNode sibling) {
    JsonNode large = sibling.path("lfs");
    JsonNode size = large.has("size") ? large.get("size") : sibling.path("size");
    if (!size.isIntegralNumber() || size.asLong() < 0) {
      throw senseless(model, "gives no size of " + name);
    }
    Optional<HubHash> hash =
        large.isObject()
            ? hash(HubHash.Kind.SHA256, large.path("sha256").asText())
            : hash(HubHash.Kind.GIT_BLOB, sibling.path("blobId").asText());
    return new HubFile(
        name, size.asLong(), hash.orElseThrow(() -> senseless(model, "gives no hash of " + name)));
  }

  private static Optional<HubHash> hash(HubHash.Kind kind, String hex) {
    try {
      return Optional.of(new HubHash(kind, hex));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static EspalierException senseless(HubModel model, String what) {
    return new EspalierException(
        "The hub's answer about "
            + model
            + " "
            + what
            + "; try again later, or copy the files into a folder yourself.");
  }
}
