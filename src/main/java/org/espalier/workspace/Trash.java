package org.espalier.workspace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.task.EspalierException;

/**
 * Deleted runs. Each lies whole in a folder whose name says when it was deleted and which it is
 * ({@code 20261124-101500~ID}), so that one move deletes it and one brings it back.
 */
final class Trash {
  /** After that nobody wants a run back; it is removed for good. */
  static final Duration LIFE = Duration.ofDays(30);

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);
  private static final char MARK = '~';

  private final Path folder;

  Trash(Path folder) {
    this.folder = folder;
  }

  TrashedRun add(Run run, Instant now) {
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    String stamp = STAMP.format(second.atOffset(ZoneOffset.UTC));
    Path place = folder.resolve(stamp + MARK + run.id());
    Folders.move(run.folder(), place);
    return new TrashedRun(RunFiles.read(place), second);
  }

  /** The newest first; what is damaged cannot come back and is left out. */
  List<TrashedRun> list() {
    List<TrashedRun> found = new ArrayList<>();
    for (Path entry : entries()) {
      Optional<Instant> deleted = deleted(entry);
      if (deleted.isPresent()) {
        try {
          found.add(new TrashedRun(RunFiles.read(entry), deleted.get()));
        } catch (EspalierException damaged) {
          continue;
        }
      }
    }
    found.sort(Comparator.comparing(TrashedRun::deleted).reversed());
    return found;
  }

  /** Where the run lay among the runs. */
  static String id(TrashedRun trashed) {
    String name = trashed.run().folder().getFileName().toString();
    return name.substring(name.indexOf(MARK) + 1);
  }

  /** Removes everything for good. */
  void empty() {
    entries().forEach(this::remove);
  }

  /** Removes what is too old, and what is left of an earlier removal. */
  void sweep(Instant now) {
    for (Path entry : entries()) {
      if (deleted(entry).filter(then -> then.isAfter(now.minus(LIFE))).isEmpty()) {
        remove(entry);
      }
    }
  }

  /** Under another name first: a half-removed run is in no list. */
  private void remove(Path entry) {
    try {
      Path going = entry;
      if (deleted(entry).isPresent()) {
        going = entry.resolveSibling("going-" + entry.getFileName().toString().replace(MARK, '-'));
        Folders.move(entry, going);
      }
      Folders.delete(going);
    } catch (IOException | EspalierException e) {
      // Another program may be at it too; what stays is tried again at the next start.
      return;
    }
  }

  private static Optional<Instant> deleted(Path entry) {
    String name = entry.getFileName().toString();
    int mark = name.indexOf(MARK);
    try {
      return mark < 0
          ? Optional.empty()
          : Optional.of(
              LocalDateTime.parse(name.substring(0, mark), STAMP).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private List<Path> entries() {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw new EspalierException("Cannot list " + folder + ": " + e.getMessage(), e);
    }
  }
}
