package org.espalier.corpus;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.espalier.task.EspalierException;

/**
 * The tokenizer of a checkpoint: text to ids and back, without truncation, padding or special
 * tokens unless asked for.
 *
 * <p>One rule decides about the token that begins a sequence (BOS): a stream of text gets exactly
 * one, at its start, when the post-processor of {@code tokenizer.json} puts one there or {@code
 * tokenizer_config.json} says {@code add_bos_token}; otherwise it gets none.
 *
 * <p>Safe for use by several threads. Must be closed: it holds native memory.
 */
public final class Tokenizer implements AutoCloseable {
  private static final String FILE = "tokenizer.json";
  private static final int CACHED_TEXTS = 4;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HuggingFaceTokenizer tokenizer;
  private final OptionalInt beginOfSequence;
  private final OptionalInt endOfSequence;
  private final Map<String, int[]> cache =
      new LinkedHashMap<>(CACHED_TEXTS, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, int[]> eldest) {
          return size() > CACHED_TEXTS;
        }
      };

  private Tokenizer(
      HuggingFaceTokenizer tokenizer, OptionalInt beginOfSequence, OptionalInt endOfSequence) {
    this.tokenizer = tokenizer;
    this.beginOfSequence = beginOfSequence;
    this.endOfSequence = endOfSequence;
  }

  /**
   * Opens the tokenizer of a checkpoint folder; reads only files in it.
   *
   * @throws EspalierException if there is none or it cannot be read
   */
  public static Tokenizer open(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new EspalierException(
          "There is no "
              + FILE
              + " in "
              + folder
              + "; copy the model's tokenizer into it, or use ready token windows (.json) as"
              + " text.");
    }
    HuggingFaceTokenizer tokenizer;
    try {
      // Naming every option matters: unnamed ones fall back to cutting at 512 tokens.
      tokenizer =
          HuggingFaceTokenizer.builder()
              .optTokenizerPath(file)
              .optTruncation(false)
              .optPadding(false)
              .optAddSpecialTokens(false)
              .build();
    } catch (IOException | RuntimeException e) {
      throw new EspalierException(
          "The tokenizer "
              + file
              + " cannot be read ("
              + e.getMessage()
              + "); download it again or save it with a current tokenizers library.",
          e);
    }
    try {
      JsonNode settings = settings(folder.resolve("tokenizer_config.json"));
      return new Tokenizer(
          tokenizer,
          beginOfSequence(tokenizer, settings),
          special(tokenizer, settings, "eos_token"));
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static OptionalInt beginOfSequence(HuggingFaceTokenizer tokenizer, JsonNode settings) {
    long[] plain = tokenizer.encode("a", false, false).getIds();
    long[] special = tokenizer.encode("a", true, false).getIds();
    if (special.length > plain.length && (plain.length == 0 || special[0] != plain[0])) {
      return OptionalInt.of((int) special[0]);
    }
    return settings.path("add_bos_token").asBoolean(false)
        ? special(tokenizer, settings, "bos_token")
        : OptionalInt.empty();
  }

  /** The id of a special token that the settings name, if it is one token. */
  private static OptionalInt special(
      HuggingFaceTokenizer tokenizer, JsonNode settings, String name) {
    JsonNode token = settings.path(name);
    String text = token.isObject() ? token.path("content").asText() : token.asText();
    long[] ids = text.isEmpty() ? new long[0] : tokenizer.encode(text, false, false).getIds();
    return ids.length == 1 ? OptionalInt.of((int) ids[0]) : OptionalInt.empty();
  }

  private static JsonNode settings(Path file) {
    if (!Files.isRegularFile(file)) {
      return JSON.createObjectNode();
    }
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new EspalierException(
          "The tokenizer settings " + file + " are not valid JSON; mend or remove the file.", e);
    }
  }

  /** The id that begins a sequence, if this tokenizer adds one. */
  public OptionalInt beginOfSequence() {
    return beginOfSequence;
  }

  /** The id that ends a sequence, if the settings beside the tokenizer name one. */
  public OptionalInt endOfSequence() {
    return endOfSequence;
  }

  /** Ids of a text, with nothing added; halves of surrogate pairs count as question marks. */
  public int[] encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String key = Hashes.sha256(bytes);
    synchronized (cache) {
      int[] known = cache.get(key);
      if (known != null) {
        return known.clone();
      }
    }
    Encoding encoding;
    try {
      encoding = tokenizer.encode(new String(bytes, StandardCharsets.UTF_8), false, false);
    } catch (RuntimeException e) {
      throw new EspalierException(
          "The tokenizer cannot encode the text (" + e.getMessage() + "); check its encoding.", e);
    }
    int[] ids = Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
    synchronized (cache) {
      cache.put(key, ids);
    }
    return ids.clone();
  }

  /** Ids of a text that starts a sequence: with one BOS in front if this tokenizer adds one. */
  public int[] encodeStream(String text) {
    int[] ids = encode(text);
    if (beginOfSequence.isEmpty() || (ids.length > 0 && ids[0] == beginOfSequence.getAsInt())) {
      return ids;
    }
    return IntStream.concat(IntStream.of(beginOfSequence.getAsInt()), Arrays.stream(ids)).toArray();
  }

  /** Text of ids; special tokens are left out. */
  public String decode(int[] ids) {
    return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), true);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
