package org.espalier.ui.compare;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.espalier.allocation.RatioDefinition;
import org.espalier.report.ReportFolder;
import org.espalier.report.RunComparison;
import org.espalier.report.TableFiles;
import org.espalier.ui.platform.FilePicker;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Session;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Run;

/** Writes runs side by side into a file: a page, or a table in the form that its ending names. */
public final class ComparisonReports {
  private static final List<String> KINDS = List.of("html", "csv", "md", "tex");

  private final Workbench workbench;
  private final Session session;
  private final JobFollower follower;
  private final Notices notices;
  private final FilePicker picker;
  private final Messages messages;

  public ComparisonReports(
      Workbench workbench,
      Session session,
      JobFollower follower,
      Notices notices,
      FilePicker picker,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.follower = follower;
    this.notices = notices;
    this.picker = picker;
    this.messages = messages;
  }

  /** All runs of the open checkpoint. */
  public void saveAll() {
    save(session.runs().stream().filter(session::belongsHere).toList(), RatioDefinition.PRUNABLE);
  }

  /** Asks for a file and writes in the background; where it lies is told when it is done. */
  public void save(List<Run> runs, RatioDefinition aligned) {
    if (runs.isEmpty()) {
      notices.tell(messages.text("compare.noRuns"));
      return;
    }
    Optional<Path> chosen =
        picker.pickNewFile(messages.text("compare.pickReport"), "comparison.html", KINDS);
    chosen.ifPresent(
        file ->
            follower.ask(
                () -> {
                  write(workbench.comparison(runs, aligned), file);
                  return file;
                },
                done -> notices.tell(messages.text("compare.reportDone", runs.size(), done))));
  }

  private static void write(RunComparison comparison, Path file) {
    if (TableFiles.canWrite(file)) {
      TableFiles.write(comparison.tables().all(), file);
    } else {
      ReportFolder.writePage(comparison, file);
    }
  }
}
