package org.espalier.ui.fake;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.ui.allocation.BudgetViewModel;
import org.espalier.ui.allocation.Draft;
import org.espalier.ui.allocation.DraftViewModel;
import org.espalier.ui.charts.Measurements;
import org.espalier.ui.heatmap.HeatmapViewModel;
import org.espalier.ui.method.MethodViewModel;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.runs.RunsViewModel;
import org.espalier.ui.session.CheckpointOpening;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Sheets;
import org.espalier.ui.session.UnfinishedJobs;
import org.espalier.ui.start.ModelFolders;
import org.espalier.ui.toolbar.ToolbarViewModel;
import org.espalier.workspace.Run;

/** The parts that view models share, wired without a toolkit; everything happens at once. */
public final class Bench {
  /** Jobs put off until {@link #runJobs}, when a test wants to look before. */
  private final List<Runnable> putOff = new ArrayList<>();

  private boolean puttingOff;
  public final FakeWorkbench workbench =
      new FakeWorkbench(
          work -> {
            if (puttingOff) {
              putOff.add(work);
            } else {
              work.run();
            }
          });
  public final ImmediateExecutor executor = new ImmediateExecutor();
  public final Messages messages = new Messages();
  public final MemoryPreferences preferences = new MemoryPreferences();
  public final FakeFilePicker picker = new FakeFilePicker();
  public final Notices notices = new Notices(messages);
  public final JobFollower follower = new JobFollower(executor, notices);
  public final Session session = new Session();
  public final Sheets sheets = new Sheets();
  public final UnfinishedJobs unfinished = follower.unfinished();
  public final CheckpointOpening opening =
      new CheckpointOpening(workbench, session, follower, notices, preferences);
  public final Draft draft = new Draft(session, executor, messages);
  public final Measurements measurements = new Measurements(session);
  public final MethodViewModel method =
      new MethodViewModel(workbench, session, follower, notices, picker, messages);
  public final ToolbarViewModel toolbar =
      new ToolbarViewModel(
          workbench, session, draft, opening, unfinished, follower, picker, messages);
  public final ModelFolders folders =
      new ModelFolders(opening, preferences, follower, notices, messages);
  public final DraftViewModel draftFiles =
      new DraftViewModel(workbench, session, draft, follower, notices, picker, messages);
  public final HeatmapViewModel heatmap = new HeatmapViewModel(session, draft, executor, messages);
  public final BudgetViewModel budget = new BudgetViewModel(session, draft, messages);
  public final RunsViewModel runs =
      new RunsViewModel(
          workbench, session, draft, method, measurements, opening, follower, notices, messages);

  public Bench() {
    workbench.onRuns(session::runsChanged);
  }

  /** Opens the sample model. */
  public Bench opened() {
    opening.open(Optional.empty());
    return this;
  }

  /** Opens and analyses the sample model. */
  public Bench analysed() {
    opened();
    method.analyse();
    return this;
  }

  /** Opens, analyses and prunes the sample model at 30 %; the run is shown then. */
  public Run pruned() {
    analysed();
    toolbar.prune();
    return session.shownRun().orElseThrow();
  }

  /** Opens another model of 32 blocks. */
  public Bench openedFolder(String folder) {
    opening.open(Optional.of(Path.of(folder)));
    return this;
  }

  public void putOffJobs() {
    puttingOff = true;
  }

  /** Runs what was put off, oldest first. */
  public void runJobs() {
    puttingOff = false;
    while (!putOff.isEmpty()) {
      putOff.remove(0).run();
    }
  }
}
