package org.espalier.export.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.checkpoint.CheckpointException;
import org.espalier.checkpoint.StrictJson;
import org.espalier.corpus.Tokenizer;
import org.espalier.task.EspalierException;
import org.espalier.transformer.DecoderConfig;

/**
 * Carries the tokenizer of a checkpoint over into GGUF metadata: byte-pair encoding with byte
 * fallback as {@code llama}, where scores take the place of merges, and byte-level byte-pair
 * encoding as {@code gpt2} with the name of the rule that splits a text into words.
 */
public final class GgufTokenizer {
  private static final String PREFIX = "tokenizer.ggml.";
  private static final String FILE = "tokenizer.json";
  private static final String SETTINGS = "tokenizer_config.json";
  private static final String TEMPLATE = "chat_template.jinja";
  private static final String SPACE = "\u2581";
  private static final Pattern BYTE = Pattern.compile("<0x[0-9A-F]{2}>");

  /** Kinds of tokens, by the numbers of the format. */
  private static final int NORMAL = 1;

  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int UNUSED = 5;
  private static final int BYTE_TOKEN = 6;

  private final Checkpoint checkpoint;
  private final DecoderConfig config;
  private final JsonNode json;

  private GgufTokenizer(Checkpoint checkpoint, DecoderConfig config, JsonNode json) {
    this.checkpoint = checkpoint;
    this.config = config;
    this.json = json;
  }

  /** Why the checkpoint's tokenizer cannot be carried over, and what to do; empty if it can. */
  public static Optional<String> refusal(Checkpoint checkpoint, DecoderConfig config) {
    try {
      metadata(checkpoint, config);
      return Optional.empty();
    } catch (EspalierException e) {
      return Optional.of(e.getMessage());
    }
  }

  /**
   * The metadata that describes the tokenizer. A checkpoint without one gives a file that takes
   * token ids only.
   *
   * @throws EspalierException if llama.cpp knows no such tokenizer
   */
  public static GgufMetadata metadata(Checkpoint checkpoint, DecoderConfig config) {
    Optional<Path> file = checkpoint.file(FILE);
    if (file.isEmpty()) {
      return new GgufMetadata().put(PREFIX + "model", "no_vocab");
    }
    JsonNode json = StrictJson.readObject(file.get());
    return new GgufTokenizer(checkpoint, config, json).metadata();
  }

  private GgufMetadata metadata() {
    JsonNode model = json.path("model");
    if (!model.path("type").asText("BPE").equals("BPE")) {
      throw unknown("it is of the kind " + model.path("type").asText());
    }
    GgufMetadata metadata = new GgufMetadata();
    String[] tokens = tokens();
    if (model.path("byte_fallback").asBoolean(false)) {
      metadata.put(PREFIX + "model", "llama").put(PREFIX + "pre", "default");
      metadata.putStrings(PREFIX + "tokens", Arrays.asList(tokens));
      metadata.putFloats(PREFIX + "scores", scores(tokens));
      metadata.put(PREFIX + "add_space_prefix", hasSpacePrefix());
    } else {
      metadata.put(PREFIX + "model", "gpt2").put(PREFIX + "pre", splitRule());
      metadata.putStrings(PREFIX + "tokens", Arrays.asList(tokens));
      metadata.putStrings(PREFIX + "merges", merges());
    }
    metadata.putIntegers(PREFIX + "token_type", types(tokens));
    putSpecials(metadata, tokens);
    return metadata;
  }

  private EspalierException unknown(String why) {
    return new EspalierException(
        "llama.cpp knows no tokenizer like that in "
            + checkpoint.folder()
            + ": "
            + why
            + ". Choose another target, or remove tokenizer.json for a file that takes token ids.");
  }

  /** Every token by its id; rows of the embedding without one get a name of their own. */
  private String[] tokens() {
    String[] tokens = new String[config.vocabularySize()];
    json.at("/model/vocab").properties().forEach(e -> put(tokens, e.getKey(), e.getValue()));
    json.path("added_tokens")
        .forEach(added -> put(tokens, added.path("content").asText(), added.path("id")));
    for (int id = 0; id < tokens.length; id++) {
      if (tokens[id] == null) {
        tokens[id] = padding(id);
      }
    }
    return tokens;
  }

  private static String padding(int id) {
    return "[PAD" + id + "]";
  }

  private void put(String[] tokens, String token, JsonNode id) {
    if (!id.isInt() || id.intValue() < 0 || id.intValue() >= tokens.length) {
      throw new CheckpointException(
          checkpoint.folder().resolve(FILE),
          "gives the token '"
              + token
              + "' the id "
              + id
              + ", but the embedding has "
              + tokens.length
              + " rows");
    }
    tokens[id.intValue()] = token;
  }

  private List<String> merges() {
    List<String> merges = new ArrayList<>();
    for (JsonNode merge : json.at("/model/merges")) {
      merges.add(
          merge.isArray() ? merge.path(0).asText() + " " + merge.path(1).asText() : merge.asText());
    }
    return merges;
  }

  /** The earlier a token is merged, the higher its score; tokens that no merge makes need none. */
  private List<Float> scores(String[] tokens) {
    Map<String, Integer> ranks = new HashMap<>();
    List<String> merges = merges();
    for (int rank = 0; rank < merges.size(); rank++) {
      ranks.putIfAbsent(merges.get(rank).replace(" ", ""), rank);
    }
    return Arrays.stream(tokens)
        .map(token -> ranks.containsKey(token) ? -1f - ranks.get(token) : 0f)
        .toList();
  }

  private List<Integer> types(String[] tokens) {
    Integer[] types = new Integer[tokens.length];
    boolean fallback = json.at("/model/byte_fallback").asBoolean(false);
    for (int id = 0; id < tokens.length; id++) {
      boolean isByte = fallback && BYTE.matcher(tokens[id]).matches();
      types[id] = isByte ? BYTE_TOKEN : tokens[id].equals(padding(id)) ? UNUSED : NORMAL;
    }
    for (JsonNode added : json.path("added_tokens")) {
      types[added.path("id").intValue()] =
          added.path("special").asBoolean(false) ? CONTROL : USER_DEFINED;
    }
    String unknown = json.at("/model/unk_token").asText("");
    for (int id = 0; id < tokens.length; id++) {
      if (!unknown.isEmpty() && tokens[id].equals(unknown)) {
        types[id] = UNKNOWN;
      }
    }
    return Arrays.asList(types);
  }

  /** Whether a space is put before a text, in either way of saying so. */
  private boolean hasSpacePrefix() {
    JsonNode splitter = json.path("pre_tokenizer");
    if (splitter.path("type").asText().equals("Metaspace")) {
      requireSpace(splitter.path("replacement").asText());
      return splitter.path("add_prefix_space").asBoolean(true)
          && !splitter.path("prepend_scheme").asText().equals("never");
    }
    if (!splitter.isNull() && !splitter.isMissingNode()) {
      throw unknown("it splits texts by " + splitter.path("type").asText());
    }
    boolean prepends = false;
    boolean replaces = false;
    for (JsonNode step : steps(json.path("normalizer"), "normalizers")) {
      switch (step.path("type").asText()) {
        case "Prepend" -> {
          requireSpace(step.path("prepend").asText());
          prepends = true;
        }
        case "Replace" -> {
          requireSpace(step.path("content").asText());
          replaces = step.at("/pattern/String").asText().equals(" ");
        }
        default -> throw unknown("it changes texts by " + step.path("type").asText());
      }
    }
    if (!replaces) {
      throw unknown("it does not mark spaces with " + SPACE);
    }
    return prepends;
  }

  private void requireSpace(String mark) {
    if (!mark.equals(SPACE)) {
      throw unknown("it marks spaces with '" + mark + "'");
    }
  }

  private static List<JsonNode> steps(JsonNode node, String list) {
    List<JsonNode> steps = new ArrayList<>();
    if (node.path("type").asText().equals("Sequence")) {
      node.path(list).forEach(steps::add);
    } else if (node.isObject()) {
      steps.add(node);
    }
    return steps;
  }

  private String splitRule() {
    for (JsonNode step : steps(json.path("normalizer"), "normalizers")) {
      if (!step.path("type").asText().equals("NFC")) {
        throw unknown("it changes texts by " + step.path("type").asText());
      }
    }
    List<JsonNode> steps = steps(json.path("pre_tokenizer"), "pretokenizers");
    return SplitRules.nameOf(steps)
        .orElseThrow(
            () -> unknown("it splits texts into words by a rule that has no name in llama.cpp"));
  }

  private void putSpecials(GgufMetadata metadata, String[] tokens) {
    OptionalInt begin = config.beginOfText();
    boolean addsBegin;
    try (Tokenizer tokenizer = Tokenizer.open(checkpoint.folder())) {
      addsBegin = tokenizer.beginOfSequence().isPresent();
      if (addsBegin) {
        begin = tokenizer.beginOfSequence();
      }
    }
    begin.ifPresent(id -> metadata.put(PREFIX + "bos_token_id", id));
    config.endOfText().stream()
        .findFirst()
        .ifPresent(id -> metadata.put(PREFIX + "eos_token_id", id));
    String unknown = json.at("/model/unk_token").asText("");
    int unknownId = Arrays.asList(tokens).indexOf(unknown);
    if (!unknown.isEmpty() && unknownId >= 0) {
      metadata.put(PREFIX + "unknown_token_id", unknownId);
    }
    JsonNode padding = checkpoint.configuration().path("pad_token_id");
    if (padding.isInt() && padding.intValue() >= 0 && padding.intValue() < tokens.length) {
      metadata.put(PREFIX + "padding_token_id", padding.intValue());
    }
    metadata.put(PREFIX + "add_bos_token", addsBegin);
    metadata.put(PREFIX + "add_eos_token", false);
    chatTemplate().ifPresent(text -> metadata.put("tokenizer.chat_template", text));
  }

  private Optional<String> chatTemplate() {
    Optional<Path> file = checkpoint.file(TEMPLATE);
    if (file.isPresent()) {
      try {
        return Optional.of(Files.readString(file.get()));
      } catch (IOException e) {
        throw new CheckpointException(file.get(), "cannot be read: " + e.getMessage(), e);
      }
    }
    return checkpoint
        .file(SETTINGS)
        .map(settings -> StrictJson.readObject(settings).path("chat_template"))
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue);
  }
}
