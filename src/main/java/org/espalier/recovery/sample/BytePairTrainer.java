package org.espalier.recovery.sample;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Learns a byte-level byte-pair encoding (Sennrich et al., "Neural Machine Translation of Rare
 * Words with Subword Units", algorithm 1, on bytes as GPT-2 does) and writes it as a Hugging Face
 * {@code tokenizer.json}. Ids: 0 begins and 1 ends a sequence, then the 256 bytes, then the merges
 * in the order learned.
 */
final class BytePairTrainer {
  static final int BEGIN = 0;
  static final int END = 1;
  static final String BEGIN_TEXT = "<s>";
  static final String END_TEXT = "</s>";

  private static final int FIRST_BYTE = 2;

  /** Pieces that are never merged with each other: the pattern of GPT-2. */
  private static final Pattern PIECE =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+");

  private static final ObjectMapper JSON = new ObjectMapper();

  private BytePairTrainer() {}

  /** Two neighbouring ids. */
  private record Pair(int left, int right) {}

  /** A piece as ids so far, and how often it occurs. */
  private static final class Piece {
    private int[] ids;
    private final long count;

    Piece(int[] ids, long count) {
      this.ids = ids;
      this.count = count;
    }

    void merge(Pair pair, int merged) {
      int[] shorter = new int[ids.length];
      int length = 0;
      for (int i = 0; i < ids.length; i++) {
        if (i + 1 < ids.length && ids[i] == pair.left() && ids[i + 1] == pair.right()) {
          shorter[length++] = merged;
          i++;
        } else {
          shorter[length++] = ids[i];
        }
      }
      ids = Arrays.copyOf(shorter, length);
    }
  }

  /**
   * Learns from texts.
   *
   * @param vocabularySize ids in all, at least 258; fewer result if the text offers no more pairs
   * @return the content of {@code tokenizer.json}
   */
  static ObjectNode train(List<String> texts, int vocabularySize) {
    List<Piece> pieces = pieces(texts);
    String[] bytes = byteAlphabet();
    List<String> tokens = new ArrayList<>(List.of(BEGIN_TEXT, END_TEXT));
    tokens.addAll(List.of(bytes));
    List<String> merges = new ArrayList<>();
    while (tokens.size() < vocabularySize) {
      Pair best = mostFrequent(pieces);
      if (best == null) {
        break;
      }
      merges.add(tokens.get(best.left()) + " " + tokens.get(best.right()));
      tokens.add(tokens.get(best.left()) + tokens.get(best.right()));
      pieces.forEach(piece -> piece.merge(best, tokens.size() - 1));
    }
    return file(tokens, merges);
  }

  private static List<Piece> pieces(List<String> texts) {
    Map<String, Long> counts = new TreeMap<>();
    for (String text : texts) {
      Matcher matcher = PIECE.matcher(text);
      while (matcher.find()) {
        counts.merge(matcher.group(), 1L, Long::sum);
      }
    }
    List<Piece> pieces = new ArrayList<>();
    counts.forEach(
        (text, count) -> {
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          int[] ids = new int[bytes.length];
          for (int i = 0; i < ids.length; i++) {
            ids[i] = FIRST_BYTE + (bytes[i] & 0xFF);
          }
          pieces.add(new Piece(ids, count));
        });
    return pieces;
  }

  /** The most frequent pair, of equally frequent ones the one with the lowest ids; null if none. */
  private static Pair mostFrequent(List<Piece> pieces) {
    Map<Pair, Long> counts = new HashMap<>();
    for (Piece piece : pieces) {
      for (int i = 0; i + 1 < piece.ids.length; i++) {
        counts.merge(new Pair(piece.ids[i], piece.ids[i + 1]), piece.count, Long::sum);
      }
    }
    Comparator<Map.Entry<Pair, Long>> order =
        Map.Entry.<Pair, Long>comparingByValue()
            .thenComparing(entry -> -entry.getKey().left())
            .thenComparing(entry -> -entry.getKey().right());
    return counts.entrySet().stream().max(order).map(Map.Entry::getKey).orElse(null);
  }

  /** The printable character that stands for each byte in byte-level tokenizer files. */
  private static String[] byteAlphabet() {
    String[] alphabet = new String[256];
    int substitute = 256;
    for (int value = 0; value < 256; value++) {
      boolean printable =
          (value >= '!' && value <= '~')
              || (value >= 0xA1 && value <= 0xAC)
              || (value >= 0xAE && value <= 0xFF);
      alphabet[value] = Character.toString(printable ? value : substitute++);
    }
    return alphabet;
  }

  private static ObjectNode file(List<String> tokens, List<String> merges) {
    ObjectNode file = JSON.createObjectNode().put("version", "1.0");
    file.putNull("truncation").putNull("padding");
    ArrayNode added = file.putArray("added_tokens");
    added.add(specialToken(BEGIN, BEGIN_TEXT)).add(specialToken(END, END_TEXT));
    file.putNull("normalizer");
    file.set("pre_tokenizer", byteLevel());
    file.set("post_processor", beginsWithBos());
    file.set("decoder", byteLevel());
    ObjectNode model = file.putObject("model").put("type", "BPE");
    model.putNull("dropout").putNull("unk_token");
    model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
    ObjectNode vocabulary = model.putObject("vocab");
    for (int id = 0; id < tokens.size(); id++) {
      vocabulary.put(tokens.get(id), id);
    }
    merges.forEach(model.putArray("merges")::add);
    return file;
  }

  private static ObjectNode specialToken(int id, String content) {
    return JSON.createObjectNode()
        .put("id", id)
        .put("content", content)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
  }

  private static ObjectNode byteLevel() {
    return JSON.createObjectNode()
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", true);
  }

  private static ObjectNode beginsWithBos() {
    ObjectNode processor = JSON.createObjectNode().put("type", "TemplateProcessing");
    processor.putArray("single").add(special(0)).add(sequence("A", 0));
    processor.putArray("pair").add(special(0)).add(sequence("A", 0)).add(sequence("B", 1));
    ObjectNode token =
        processor.putObject("special_tokens").putObject(BEGIN_TEXT).put("id", BEGIN_TEXT);
    token.putArray("ids").add(BEGIN);
    token.putArray("tokens").add(BEGIN_TEXT);
    return processor;
  }

  private static ObjectNode special(int type) {
    ObjectNode item = JSON.createObjectNode();
    item.putObject("SpecialToken").put("id", BEGIN_TEXT).put("type_id", type);
    return item;
  }

  private static ObjectNode sequence(String name, int type) {
    ObjectNode item = JSON.createObjectNode();
    item.putObject("Sequence").put("id", name).put("type_id", type);
    return item;
  }
}
