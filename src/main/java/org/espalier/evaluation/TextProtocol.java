package org.espalier.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.espalier.corpus.Corpus;
import org.espalier.corpus.RowRule;
import org.espalier.task.EspalierException;

/**
 * How a text becomes one stream of tokens for perplexity: the rules under which published numbers
 * were measured, as data in {@code resources/protocols}.
 *
 * @param name for commands ("wikitext2")
 * @param title for people ("WikiText-2")
 * @param description what it does, in words
 * @param files names under which its text is looked for
 * @param rows how a text file is split into rows
 * @param field of a JSONL line that holds its text
 * @param separator put between rows
 * @param mostRows only the first so many rows; 0 for all
 * @param mostWindows only the first so many windows; 0 for all
 */
public record TextProtocol(
    String name,
    String title,
    String description,
    List<String> files,
    RowRule rows,
    String field,
    String separator,
    int mostRows,
    int mostWindows) {
  /** The protocol for any text. */
  public static final String ANY_TEXT = "text";

  private static final String RESOURCE = "/protocols/perplexity.json";

  public TextProtocol {
    files = List.copyOf(files);
  }

  /** All protocols. */
  public static List<TextProtocol> all() {
    try (InputStream in = TextProtocol.class.getResourceAsStream(RESOURCE)) {
      List<TextProtocol> all = new ArrayList<>();
      for (JsonNode json : new ObjectMapper().readTree(in)) {
        List<String> files = new ArrayList<>();
        json.path("files").forEach(file -> files.add(file.asText()));
        all.add(
            new TextProtocol(
                json.path("name").asText(),
                json.path("title").asText(),
                json.path("description").asText(),
                files,
                RowRule.valueOf(
                    json.path("rows").asText().toUpperCase(Locale.ROOT).replace('-', '_')),
                json.path("field").asText(),
                json.path("separator").asText(),
                json.path("mostRows").asInt(),
                json.path("mostWindows").asInt()));
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException("the program's own resource " + RESOURCE, e);
    }
  }

  /**
   * The protocol of this name.
   *
   * @throws EspalierException naming all protocols if there is none
   */
  public static TextProtocol named(String name) {
    List<TextProtocol> all = all();
    return all.stream()
        .filter(protocol -> protocol.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new EspalierException(
                    "There is no text protocol "
                        + name
                        + "; choose from "
                        + String.join(", ", all.stream().map(TextProtocol::name).toList())
                        + "."));
  }

  /** Its text in a folder, if it is there under one of its names. */
  public Optional<Path> find(Path folder) {
    return files.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
  }

  /** Reads a text by these rules; ready windows have their own. */
  public Corpus read(Path file, int vocabularySize) {
    return Corpus.read(file, vocabularySize, rows, field).firstRows(mostRows);
  }

  /** What the text is called beside a number. */
  public String nameOf(Corpus corpus) {
    return name.equals(ANY_TEXT) ? corpus.source() : title + " (" + corpus.source() + ")";
  }
}
