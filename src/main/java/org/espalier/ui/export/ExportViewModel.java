package org.espalier.ui.export;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.espalier.export.WeightFormat;
import org.espalier.report.heatmap.ScoreFormat;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.FilePicker;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.CheckpointOpening;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Sheets;
import org.espalier.workbench.ExportRequest;
import org.espalier.workbench.ExportSummary;
import org.espalier.workbench.ExportTargetDescription;
import org.espalier.workbench.Job;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Run;
import org.espalier.workspace.UnfinishedJob;

/** Where a run is exported to, and what came of it. */
public final class ExportViewModel {
  private final Workbench workbench;
  private final Session session;
  private final CheckpointOpening opening;
  private final JobFollower follower;
  private final Notices notices;
  private final Sheets sheets;
  private final FilePicker picker;
  private final Messages messages;
  private final List<ExportTargetDescription> targets;
  private final ObjectProperty<Run> run = new SimpleObjectProperty<>();
  private final ObjectProperty<ExportTargetDescription> target = new SimpleObjectProperty<>();
  private final ObservableList<WeightFormat> formats = FXCollections.observableArrayList();
  private final ObjectProperty<WeightFormat> format = new SimpleObjectProperty<>();
  private final ObjectProperty<Path> parent = new SimpleObjectProperty<>();
  private final BooleanProperty overwrite = new SimpleBooleanProperty();
  private final ObjectProperty<Map<String, String>> refusals = new SimpleObjectProperty<>(Map.of());
  private final ReadOnlyStringWrapper refusal = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper folder = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper size = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper space = new ReadOnlyStringWrapper("");
  private final ReadOnlyBooleanWrapper tooLarge = new ReadOnlyBooleanWrapper();
  private final ReadOnlyStringWrapper snippet = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper proof = new ReadOnlyStringWrapper("");
  private long freeBytes = -1;
  private final ReadOnlyBooleanWrapper exporting = new ReadOnlyBooleanWrapper();
  private final ReadOnlyStringWrapper failure = new ReadOnlyStringWrapper("");
  private final ReadOnlyObjectWrapper<ExportSummary> summary = new ReadOnlyObjectWrapper<>();
  private ExportTargetDescription proposed;
  private Job<ExportSummary> newest;

  public ExportViewModel(
      Workbench workbench,
      Session session,
      CheckpointOpening opening,
      JobFollower follower,
      Notices notices,
      Sheets sheets,
      FilePicker picker,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.opening = opening;
    this.follower = follower;
    this.notices = notices;
    this.sheets = sheets;
    this.picker = picker;
    this.messages = messages;
    this.targets = List.copyOf(workbench.exportTargets());
    target.addListener((property, before, after) -> proposeFormat());
    if (!targets.isEmpty()) {
      target.set(targets.get(0));
    }
    folder.bind(
        Bindings.createStringBinding(
            () -> destination().map(Path::toString).orElse(messages.text("export.noFolder")),
            parent,
            run,
            target));
    size.bind(
        Bindings.createStringBinding(
            () ->
                run.get() == null || format.get() == null
                    ? ""
                    : messages.text(
                        "export.size",
                        Figures.bytes(expectedBytes()),
                        Figures.parameters(run.get().parametersAfter())),
            run,
            format));
    refusal.bind(
        Bindings.createStringBinding(
            () -> target.get() == null ? "" : refusals.get().getOrDefault(target.get().name(), ""),
            refusals,
            target));
    run.addListener((property, before, after) -> forgetOutcome());
    run.addListener((property, before, after) -> askForRefusals(after));
    target.addListener((property, before, after) -> forgetOutcome());
    format.addListener((property, before, after) -> forgetOutcome());
    parent.addListener(
        (property, before, after) -> {
          forgetOutcome();
          askForSpace();
        });
    format.addListener((property, before, after) -> tellSpace());
    run.addListener((property, before, after) -> tellSpace());
    snippet.bind(
        Bindings.createStringBinding(
            () ->
                summary.get() != null
                    ? summary.get().loadSnippet()
                    : target.get() == null || !refusal.get().isEmpty()
                        ? ""
                        : target.get().loadSnippet().of(expectedFolder()),
            summary,
            target,
            refusal,
            parent,
            run));
    proof.bind(
        Bindings.createStringBinding(
            () ->
                summary.get() != null
                    ? proof(summary.get())
                    : format.get() == null || !refusal.get().isEmpty()
                        ? ""
                        : messages.text(
                            format.get().isQuantised()
                                ? "export.willProveQuantised"
                                : "export.willProve"),
            summary,
            refusal,
            format));
  }

  private long expectedBytes() {
    return (long) (run.get().parametersAfter() * format.get().bitsPerWeight() / 8);
  }

  /** What will be written, or would be, wherever that is. */
  private Path expectedFolder() {
    return destination()
        .orElseGet(
            () ->
                Path.of(
                    run.get() == null || target.get() == null
                        ? "export"
                        : folderName(run.get().name(), target.get().name())));
  }

  /** Which targets cannot hold the run is read from its folder in the background. */
  private void askForRefusals(Run asked) {
    refusals.set(Map.of());
    if (asked != null) {
      follower.ask(
          () -> workbench.exportRefusals(asked),
          known -> {
            if (asked.equals(run.get())) {
              refusals.set(known);
              if (target.get() == proposed) {
                proposeTarget();
              }
            }
          });
    }
  }

  /** The disk is asked in the background. */
  private void askForSpace() {
    Path asked = parent.get();
    freeBytes = -1;
    tellSpace();
    if (asked != null) {
      follower.ask(
          () -> workbench.freeBytes(asked),
          free -> {
            if (asked.equals(parent.get())) {
              freeBytes = free;
              tellSpace();
            }
          });
    }
  }

  private void tellSpace() {
    boolean known = freeBytes >= 0 && run.get() != null && format.get() != null;
    tooLarge.set(known && expectedBytes() > freeBytes);
    space.set(
        known
            ? messages.text(
                tooLarge.get() ? "export.noSpace" : "export.space", Figures.bytes(freeBytes))
            : "");
  }

  public List<ExportTargetDescription> targets() {
    return targets;
  }

  public List<Run> runs() {
    return List.copyOf(session.runs());
  }

  public ObjectProperty<Run> run() {
    return run;
  }

  public ObjectProperty<ExportTargetDescription> target() {
    return target;
  }

  /** How the chosen target can store weights. */
  public ObservableList<WeightFormat> formats() {
    return formats;
  }

  public ObjectProperty<WeightFormat> format() {
    return format;
  }

  public BooleanProperty overwrite() {
    return overwrite;
  }

  /** Why the target cannot hold the run, and what to choose instead; empty if it can. */
  public ReadOnlyStringProperty refusal() {
    return refusal.getReadOnlyProperty();
  }

  /** The folder that will be written, or that none is chosen. */
  public ReadOnlyStringProperty folder() {
    return folder.getReadOnlyProperty();
  }

  /** How large the result will be. */
  public ReadOnlyStringProperty size() {
    return size.getReadOnlyProperty();
  }

  /** What is free in the chosen folder; empty before it is known. */
  public ReadOnlyStringProperty space() {
    return space.getReadOnlyProperty();
  }

  /** Whether less is free than the result needs. */
  public ReadOnlyBooleanProperty tooLarge() {
    return tooLarge.getReadOnlyProperty();
  }

  /** What opens the result; empty where there can be none. */
  public ReadOnlyStringProperty snippet() {
    return snippet.getReadOnlyProperty();
  }

  /** How the result will be proved, or was; empty where there can be none. */
  public ReadOnlyStringProperty proof() {
    return proof.getReadOnlyProperty();
  }

  public ReadOnlyBooleanProperty exporting() {
    return exporting.getReadOnlyProperty();
  }

  /** Why the last export failed; empty when it did not. */
  public ReadOnlyStringProperty failure() {
    return failure.getReadOnlyProperty();
  }

  /** The finished export; null before. */
  public ReadOnlyObjectProperty<ExportSummary> summary() {
    return summary.getReadOnlyProperty();
  }

  private String proof(ExportSummary finished) {
    String text =
        messages.text(
            finished.format().isQuantised() ? "export.proofQuantised" : "export.proof",
            Figures.bytes(finished.bytes()),
            ScoreFormat.format(finished.proof().largestLogitDifference()),
            ScoreFormat.format(finished.proof().largestLogit()),
            finished.proof().sameNextTokens(),
            finished.proof().ids().size(),
            ScoreFormat.format(100 * finished.proof().weightError()));
    return finished.note().isEmpty() ? text : text + " " + finished.note();
  }

  /** Opens the sheet on the shown run, or on the newest one. */
  public void propose() {
    if (session.runs().isEmpty()) {
      notices.tell(messages.text("notice.noRun"));
      return;
    }
    forgetOutcome();
    run.set(session.shownRun().orElseGet(() -> session.runs().get(session.runs().size() - 1)));
    proposeTarget();
    sheets.open().set(Sheets.Sheet.EXPORT);
  }

  /**
   * Where it was said that it will run, else the most widely readable target that holds the run;
   * before it is known which do, one that holds any widths.
   */
  private void proposeTarget() {
    String decided = session.destination().get().target();
    boolean known = !refusals.get().isEmpty();
    targets.stream()
        .filter(candidate -> candidate.name().equals(decided))
        .findFirst()
        .or(
            () ->
                targets.stream()
                    .filter(
                        candidate ->
                            known
                                ? !refusals.get().containsKey(candidate.name())
                                : candidate.anyWidths())
                    .findFirst())
        .ifPresent(target::set);
    proposed = target.get();
  }

  /** Keeps the format where the target can write it, else takes the target's first. */
  private void proposeFormat() {
    WeightFormat before = format.get();
    List<WeightFormat> known = target.get() == null ? List.of() : target.get().formats();
    formats.setAll(known);
    boolean keeps = before != null && known.contains(before);
    format.set(keeps || known.isEmpty() ? before : known.get(0));
  }

  public void chooseFolder() {
    picker.pickFolder(messages.text("export.pick")).ifPresent(parent::set);
  }

  public void start() {
    if (parent.get() == null) {
      chooseFolder();
    }
    Optional<Path> destination = destination();
    if (destination.isEmpty()) {
      failure.set(messages.text("export.noFolderYet"));
      return;
    }
    if (!refusal.get().isEmpty()) {
      return;
    }
    forgetOutcome();
    exporting.set(true);
    Job<ExportSummary> job =
        workbench.export(
            run.get(),
            new ExportRequest(
                target.get().name(), format.get(), destination.get(), overwrite.get()));
    newest = job;
    follower
        .unfinished()
        .track(
            job,
            new UnfinishedJob.Exporting(
                job.snapshot().title(),
                session.place(),
                run.get().id(),
                target.get().name(),
                format.get().name(),
                destination.get(),
                overwrite.get()));
    follower.follow(
        job,
        summary::set,
        thrown -> {
          if (sheets.open().get() == Sheets.Sheet.EXPORT) {
            notices.sentence(thrown).ifPresent(failure::set);
          } else {
            notices.tell(thrown);
          }
        },
        () -> {
          if (job == newest) {
            exporting.set(false);
          }
        });
  }

  /** Starts an export once more that was stopped. */
  public void startOver(UnfinishedJob.Exporting stopped, Run exported) {
    run.set(exported);
    targets.stream()
        .filter(known -> known.name().equals(stopped.target()))
        .findFirst()
        .ifPresent(target::set);
    formats.stream()
        .filter(known -> known.name().equals(stopped.format()))
        .findFirst()
        .ifPresent(format::set);
    parent.set(stopped.folder().getParent());
    overwrite.set(stopped.overwrite());
    sheets.open().set(Sheets.Sheet.EXPORT);
    start();
  }

  /** Opens the exported folder as a checkpoint. */
  public void openResult() {
    if (summary.get() != null) {
      opening.open(Optional.of(summary.get().folder()));
      sheets.close();
    }
  }

  private Optional<Path> destination() {
    if (parent.get() == null || run.get() == null || target.get() == null) {
      return Optional.empty();
    }
    return Optional.of(parent.get().resolve(folderName(run.get().name(), target.get().name())));
  }

  /** A folder name that every file system takes. */
  static String folderName(String run, String target) {
    String plain =
        (run + "-" + target)
            .replace("%", "")
            .replaceAll("[^A-Za-z0-9._-]+", "-")
            .replaceAll("-{2,}", "-")
            .replaceAll("^[-.]+|[-.]+$", "");
    return plain.isEmpty() ? "export" : plain;
  }

  private void forgetOutcome() {
    failure.set("");
    summary.set(null);
  }
}
