package org.espalier.workspace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.espalier.checkpoint.FolderWriter;
import org.espalier.corpus.TextFingerprint;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.evaluation.tasks.TaskProtocol;
import org.espalier.evaluation.tasks.TaskResult;
import org.espalier.task.EspalierException;

/**
 * A folder with runs, the journals of unfinished jobs and the statistics cache. Thread-safe, and
 * several programs may work on one folder.
 *
 * <pre>
 * runs/ID/         a pruned checkpoint with plan.json, run.json and measurements.json
 * drafts/ID/       a run being made
 * trash/           deleted runs, for a while
 * journals/        see {@link Journal}
 * statistics/      measured statistics, by content
 * sessions/        what each window shows
 * results/         measured numbers, by checkpoint and protocol
 * </pre>
 */
public final class Workspace {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Nobody goes on with a job after that; its files may be large. */
  private static final Duration JOURNAL_LIFE = Duration.ofDays(30);

  private static final String LOCK_SUFFIX = ".lock";
  private static final String BESIDE = ".new-";

  private final Path folder;
  private final Clock clock;

  private Workspace(Path folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** Opens a workspace, making its folders and sweeping up what killed programs left behind. */
  public static Workspace open(Path folder) {
    return open(folder, Clock.systemUTC());
  }

  static Workspace open(Path folder, Clock clock) {
    Workspace workspace = new Workspace(folder.toAbsolutePath().normalize(), clock);
    for (Path part :
        List.of(
            workspace.runsFolder(),
            workspace.draftsFolder(),
            workspace.trashFolder(),
            workspace.journalsFolder(),
            workspace.resultsFolder(),
            workspace.statisticsFolder())) {
      Folders.create(part);
    }
    workspace.sweep();
    return workspace;
  }

  public Path folder() {
    return folder;
  }

  /** For the statistics cache; its layout belongs to whoever keeps statistics. */
  public Path statisticsFolder() {
    return folder.resolve("statistics");
  }

  private Path runsFolder() {
    return folder.resolve("runs");
  }

  private Path draftsFolder() {
    return folder.resolve("drafts");
  }

  private Path trashFolder() {
    return folder.resolve("trash");
  }

  private Path resultsFolder() {
    return folder.resolve("results");
  }

  private Path journalsFolder() {
    return folder.resolve("journals");
  }

  /** Takes the first session that no other window has; to be closed with the window. */
  public SessionStore session() {
    return SessionFiles.open(folder.resolve("sessions"), clock);
  }

  /** All runs; damaged ones are reported beside the others. */
  public RunListing runs() {
    List<Run> runs = new ArrayList<>();
    List<RunListing.DamagedRun> damaged = new ArrayList<>();
    for (Path entry : entries(runsFolder())) {
      if (!Files.isDirectory(entry)) {
        continue;
      }
      try {
        runs.add(RunFiles.read(entry));
      } catch (EspalierException e) {
        // Another program may have deleted it between listing and reading.
        if (Files.isDirectory(entry)) {
          damaged.add(new RunListing.DamagedRun(entry, e.getMessage()));
        }
      }
    }
    runs.sort(Comparator.comparing(Run::created).thenComparing(Run::id));
    return new RunListing(runs, damaged);
  }

  /**
   * Finds a run by id, by name or by its folder, in this order.
   *
   * @throws EspalierException if there is none, or several of that name
   */
  public Run find(String idOrNameOrFolder) {
    RunListing listing = runs();
    for (Run run : listing.runs()) {
      if (run.id().equals(idOrNameOrFolder)) {
        return run;
      }
    }
    List<Run> named =
        listing.runs().stream().filter(run -> run.name().equals(idOrNameOrFolder)).toList();
    if (named.size() > 1) {
      throw new EspalierException(
          "Several runs are called "
              + idOrNameOrFolder
              + "; name one by its id: "
              + String.join(", ", named.stream().map(Run::id).toList()));
    }
    if (named.size() == 1) {
      return named.get(0);
    }
    Optional<Path> path = asPath(idOrNameOrFolder);
    if (path.isPresent() && Files.isDirectory(path.get())) {
      return read(path.get());
    }
    for (RunListing.DamagedRun run : listing.damaged()) {
      if (run.folder().getFileName().toString().equals(idOrNameOrFolder)) {
        throw new EspalierException(run.reason());
      }
    }
    throw new EspalierException(
        "There is no run " + idOrNameOrFolder + " in " + runsFolder() + ", nor such a folder");
  }

  /**
   * Reads the run in a folder of this workspace or anywhere else.
   *
   * @throws EspalierException if the folder holds none, or a damaged one
   */
  public static Run read(Path runFolder) {
    Path absolute = runFolder.toAbsolutePath().normalize();
    if (!RunFiles.isRun(absolute)) {
      throw new EspalierException(
          absolute + " is not a run: it has no " + RunFiles.RUN + "; prune a checkpoint first");
    }
    return RunFiles.read(absolute);
  }

  private static Optional<Path> asPath(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /**
   * Begins a run that will live in this workspace.
   *
   * @param name shown to people; a number is added if another run has it
   */
  public RunDraft begin(String name) {
    String id = newId(name);
    return new RunDraft(
        id,
        draftsFolder().resolve(id),
        runsFolder().resolve(id),
        false,
        lockDraft(id),
        run -> run.named(uniqueName(name)));
  }

  /**
   * Begins a run in a folder of the user's choice.
   *
   * @param source the dense checkpoint, which is never written over
   * @param replace whether an existing run or checkpoint is replaced, once the new one is complete
   * @throws EspalierException if the folder exists and is not to be replaced, or holds other things
   */
  public RunDraft beginAt(Path target, String name, Path source, boolean replace) {
    Path absolute = target.toAbsolutePath().normalize();
    checkTarget(absolute, source.toAbsolutePath().normalize(), replace);
    Folders.create(absolute.getParent());
    String id = newId(name);
    // Beside its target, because only then can it be moved there in one step.
    Path beside = absolute.resolveSibling("." + absolute.getFileName() + BESIDE + id);
    FolderLock lock = lockDraft(id);
    lock.note(beside.toString());
    return new RunDraft(id, beside, absolute, replace, lock, run -> run.named(name.strip()));
  }

  private void checkTarget(Path target, Path source, boolean replace) {
    // A link to the source is the source.
    Path realTarget = Folders.real(target);
    Path realSource = Folders.real(source);
    if (target.getParent() == null
        || realSource.startsWith(realTarget)
        || realTarget.startsWith(realSource)
        || Folders.real(folder).startsWith(realTarget)) {
      throw new EspalierException(
          "A run cannot be written to "
              + target
              + ", over or inside the checkpoint "
              + source
              + " or the workspace; choose another folder");
    }
    if (!Files.exists(target)) {
      return;
    }
    if (!replace) {
      throw new EspalierException(
          target + " exists already; choose another folder or ask to replace it");
    }
    if (!Files.isDirectory(target)
        || !(entries(target).isEmpty() || Files.isRegularFile(target.resolve("config.json")))) {
      throw new EspalierException(
          target + " holds something other than a checkpoint and is not replaced");
    }
  }

  private FolderLock lockDraft(String id) {
    return FolderLock.acquire(draftsFolder().resolve(id + LOCK_SUFFIX));
  }

  /**
   * Gives a run another name.
   *
   * @throws EspalierException if another run has the name
   */
  public Run rename(Run run, String name) {
    String wanted = name.strip();
    if (wanted.isEmpty()) {
      throw new EspalierException("A run needs a name");
    }
    return change(
        run,
        (runFolder, current) -> {
          for (Run other : runs().runs()) {
            if (other.name().equals(wanted) && !other.folder().equals(runFolder)) {
              throw new EspalierException("Another run is called " + wanted + " already");
            }
          }
          Run renamed = current.named(wanted);
          RunFiles.write(runFolder, renamed);
          return renamed;
        });
  }

  /** Adds a measurement to a run; one of the same protocol is replaced. */
  public Run addPerplexity(Run run, PerplexityResult result) {
    return change(
        run,
        (runFolder, current) -> {
          List<PerplexityResult> all = new ArrayList<>(current.perplexities());
          all.removeIf(earlier -> earlier.protocol().equals(result.protocol()));
          all.add(result);
          RunFiles.writeMeasurements(runFolder, all, current.speed());
          return RunFiles.read(runFolder);
        });
  }

  /** Adds a task's result to a run, its single items included; one of the same protocol goes. */
  public Run addTask(Run run, TaskResult result) {
    return change(
        run,
        (runFolder, current) -> {
          TaskFiles.write(runFolder, current.tasks(), result);
          return RunFiles.read(runFolder);
        });
  }

  /**
   * A task's result with its single items.
   *
   * @param protocol of one of the run's {@link Run#tasks}
   */
  public TaskResult task(Run run, TaskProtocol protocol) {
    return TaskFiles.read(run.folder(), protocol);
  }

  /** Measured numbers by checkpoint and protocol, whichever run or folder they were measured on. */
  public ResultCache results() {
    return new ResultCache(resultsFolder());
  }

  /** Where the texts lie that runs were calibrated on. */
  public TextPlaces places() {
    return new TextPlaces(results());
  }

  /** What a run was calibrated on, kept in its folder; empty where nothing is known of it. */
  public static Optional<TextFingerprint> calibration(Path runFolder) {
    return RunFiles.calibration(runFolder);
  }

  /** The search that a run came out of, kept in its folder; empty where there was none. */
  public static Optional<KeptSearch> search(Path runFolder) {
    return SearchFile.read(runFolder);
  }

  /** Sets the speed of a run, in place of an earlier one. */
  public Run setSpeed(Run run, SpeedComparison speed) {
    return change(
        run,
        (runFolder, current) -> {
          RunFiles.writeMeasurements(runFolder, current.perplexities(), Optional.of(speed));
          return RunFiles.read(runFolder);
        });
  }

  /** Keeps how a number of a run was asked for, in place of an earlier order of its protocol. */
  public void remember(Run run, Orders.Order order) {
    change(
        run,
        (runFolder, current) -> {
          OrdersFile.add(runFolder, order);
          return current;
        });
  }

  /** How the numbers of a run were asked for, as far as that is known. */
  public static Orders orders(Path runFolder) {
    return OrdersFile.read(runFolder);
  }

  /** Keeps what people write about a run. */
  public Run note(Run run, String notes) {
    return change(
        run,
        (runFolder, current) -> {
          RunFiles.writeNotes(runFolder, notes.strip());
          return current.noted(notes.strip());
        });
  }

  /**
   * Removes a run; it is gone from the list at once, whole. One of the workspace lies in the trash
   * then; one in a folder of its own is gone for good.
   *
   * @return what can be brought back; empty for a folder of its own
   */
  public Optional<TrashedRun> delete(Run run) {
    List<TrashedRun> trashed = new ArrayList<>();
    change(
        run,
        (runFolder, current) -> {
          if (runFolder.startsWith(runsFolder())) {
            trashed.add(trashBin().add(current, clock.instant()));
            return current;
          }
          Path beside =
              runFolder.resolveSibling("." + runFolder.getFileName() + ".old-" + randomHex());
          Folders.move(runFolder, beside);
          deleteQuietly(beside);
          return current;
        });
    return trashed.stream().findFirst();
  }

  /** Deleted runs that can be brought back, the newest first; they stay for {@link Trash#LIFE}. */
  public List<TrashedRun> trash() {
    return trashBin().list();
  }

  /**
   * Brings a deleted run back; a number is added if another run has taken its name.
   *
   * @throws EspalierException if it is not in the trash any more
   */
  public Run restore(TrashedRun trashed) {
    if (!Files.isDirectory(trashed.run().folder())) {
      throw new EspalierException(
          trashed.run().name() + " is not in the trash any more and cannot be brought back");
    }
    return change(
        trashed.run(),
        (trashFolder, current) -> {
          String name = uniqueName(current.name());
          Path back = runsFolder().resolve(Trash.id(trashed));
          Folders.move(trashFolder, back);
          Run restored = RunFiles.read(back).named(name);
          if (!name.equals(current.name())) {
            RunFiles.write(back, restored);
          }
          return restored;
        });
  }

  /** Removes all deleted runs for good. */
  public void emptyTrash() {
    trashBin().empty();
  }

  private Trash trashBin() {
    return new Trash(trashFolder());
  }

  /**
   * Opens the journal of a job, continuing what a killed or cancelled one of the same key left.
   *
   * @param kind of the job, a short word ("prune")
   * @param key everything that its result depends on, in any form
   * @throws EspalierException if the same job is running in another program
   */
  public Journal journal(String kind, String key) {
    return Journal.open(journalsFolder(), kind, key);
  }

  /** One change at a time, on what the disk says now. */
  private Run change(Run run, BiFunction<Path, Run, Run> change) {
    Path runFolder = run.folder().toAbsolutePath().normalize();
    FolderLock lock = FolderLock.acquire(folder.resolve("workspace" + LOCK_SUFFIX));
    try {
      return change.apply(runFolder, read(runFolder));
    } finally {
      lock.close();
    }
  }

  private String uniqueName(String name) {
    String wanted = name.isBlank() ? "run" : name.strip();
    Set<String> taken = new HashSet<>();
    runs().runs().forEach(run -> taken.add(run.name()));
    String unique = wanted;
    for (int number = 2; taken.contains(unique); number++) {
      unique = wanted + " " + number;
    }
    return unique;
  }

  private String newId(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String trimmed = plain.replaceAll("^-|-$", "");
    String start = trimmed.isEmpty() ? "run" : trimmed.substring(0, Math.min(40, trimmed.length()));
    return start + "-" + STAMP.format(clock.instant()) + "-" + randomHex();
  }

  private static String randomHex() {
    byte[] bytes = new byte[3];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Removes drafts without a living owner, abandoned journals and what is old in the trash. */
  private void sweep() {
    for (Path entry : entries(draftsFolder())) {
      String name = entry.getFileName().toString();
      boolean isLock = name.endsWith(LOCK_SUFFIX);
      String id = isLock ? name.substring(0, name.length() - LOCK_SUFFIX.length()) : name;
      FolderLock.tryAcquire(draftsFolder().resolve(id + LOCK_SUFFIX))
          .ifPresent(
              lock -> {
                sweepBeside(id);
                deleteQuietly(draftsFolder().resolve(id));
                lock.closeAndDelete();
              });
    }
    trashBin().sweep(clock.instant());
    Journal.sweep(journalsFolder(), clock.instant().minus(JOURNAL_LIFE));
  }

  /** Removes the draft of a run outside the workspace; its lock file says where it is. */
  private void sweepBeside(String id) {
    try {
      String note = Files.readString(draftsFolder().resolve(id + LOCK_SUFFIX));
      if (note.endsWith(BESIDE + id)) {
        sweepBeside(Path.of(note), id);
      }
    } catch (IOException | InvalidPathException | EspalierException e) {
      // Nothing is known about it, or it cannot be touched; what stays harms nobody.
      return;
    }
  }

  /**
   * Clears a folder of what a run that was to appear there left. A run that was being replaced gets
   * its name back if the new one never arrived.
   */
  private static void sweepBeside(Path draft, String id) {
    String hidden = draft.getFileName().toString();
    String name = hidden.substring(1, hidden.length() - (BESIDE + id).length());
    Path target = draft.resolveSibling(name);
    Path replaced = RunDraft.replaced(target, id);
    if (Files.isDirectory(replaced)) {
      if (Files.exists(target)) {
        deleteQuietly(replaced);
      } else {
        Folders.move(replaced, target);
      }
    }
    deleteQuietly(draft);
    // The writer of the checkpoint keeps a work folder of its own until the draft is whole.
    FolderWriter.removeAbandoned(draft.getParent());
  }

  private static void deleteQuietly(Path leftover) {
    try {
      Folders.delete(leftover);
    } catch (IOException e) {
      // Another program may be sweeping too; what stays is tried again at the next start.
      return;
    }
  }

  private static List<Path> entries(Path parent) {
    try (Stream<Path> entries = Files.list(parent)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw new EspalierException("Cannot list " + parent + ": " + e.getMessage(), e);
    }
  }
}
