package org.espalier.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.checkpoint.CheckpointException;

/** The files that belong to a model whatever its weights: tokenizer, generation, licence. */
final class Companions {
  private static final Set<String> NAMES =
      Set.of(
          "tokenizer.json",
          "tokenizer.model",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.json",
          "vocab.txt",
          "merges.txt",
          "chat_template.json",
          "chat_template.jinja",
          "generation_config.json");

  private static final List<String> LEGAL_PREFIXES =
      List.of("license", "licence", "notice", "copying", "use_policy", "readme");

  private Companions() {}

  /** Those that a checkpoint has. */
  static List<Path> of(Checkpoint checkpoint) {
    return find(checkpoint, true);
  }

  /** Licences, notices and model cards only. */
  static List<Path> legal(Checkpoint checkpoint) {
    return find(checkpoint, false);
  }

  private static List<Path> find(Checkpoint checkpoint, boolean all) {
    List<String> names;
    try (Stream<Path> entries = Files.list(checkpoint.folder())) {
      names = entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new CheckpointException(
          checkpoint.folder(), "cannot be read any more: " + e.getMessage(), e);
    }
    List<Path> files = new ArrayList<>();
    for (String name : names) {
      String lower = name.toLowerCase(Locale.ROOT);
      if ((all && NAMES.contains(name)) || LEGAL_PREFIXES.stream().anyMatch(lower::startsWith)) {
        Optional<Path> file =
            Files.isDirectory(checkpoint.folder().resolve(name))
                ? Optional.empty()
                : checkpoint.file(name);
        file.ifPresent(files::add);
      }
    }
    return files;
  }
}
