package org.espalier.workbench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Sensitivity;
import org.espalier.allocation.Target;
import org.espalier.evaluation.PerplexityPoint;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.evaluation.SpeedResult;
import org.espalier.evaluation.race.RaceResult;
import org.espalier.evaluation.race.RaceStanding;
import org.espalier.evaluation.tasks.TaskPoint;
import org.espalier.evaluation.tasks.TaskProtocol;
import org.espalier.evaluation.tasks.TaskResult;
import org.espalier.hub.HubListing;
import org.espalier.hub.HubModel;
import org.espalier.pruning.MethodDescription;
import org.espalier.pruning.PlanFile;
import org.espalier.recovery.RecoveryPoint;
import org.espalier.report.RunComparison;
import org.espalier.report.comparison.ComparedRun;
import org.espalier.workspace.DraftFile;
import org.espalier.workspace.Orders;
import org.espalier.workspace.Run;
import org.espalier.workspace.SavedDraft;
import org.espalier.workspace.SessionStore;
import org.espalier.workspace.TrashedRun;

/**
 * The use cases of the program, for window and command line alike. Thread-safe; long work returns a
 * {@link Job} at once and runs on the compute queue of its device.
 */
public interface Workbench extends AutoCloseable {
  EngineStatus engineStatus();

  /** Calls the listener with every change, on any thread, beginning with the present state. */
  Subscription onEngineStatus(Consumer<EngineStatus> listener);

  /** How many cores one operation may use, at most all there are; waits for the engine. */
  void useThreads(int threads);

  /** Known devices; short work, but waits for the engine: do not call on the UI thread. */
  List<DeviceOption> devices();

  List<MethodDescription> methods();

  /**
   * What is wrong with values of a method's parameters, in one sentence; empty if nothing is.
   *
   * @param values that differ from the method's defaults
   */
  default Optional<String> objection(String method, Map<String, String> values) {
    return Optional.empty();
  }

  /** Ways to share a target among sub-layers that go with every method, its own first. */
  List<AllocatorDescription> allocators();

  /** The most widely readable first. */
  List<ExportTargetDescription> exportTargets();

  /** All jobs of this session, oldest first. */
  List<Job<?>> jobs();

  /** Calls the listener with every job as it is queued. */
  Subscription onJob(Consumer<Job<?>> listener);

  /**
   * Opens a checkpoint.
   *
   * @param folder a Hugging Face folder or a run's folder; empty for the sample model
   * @param device a name of {@link #devices}
   */
  Job<OpenedCheckpoint> open(Optional<Path> folder, String device);

  /** The folder of a model of the hub that was downloaded before; asks nobody. */
  Optional<Path> findModel(HubModel model);

  /** Asks the hub what a model consists of; downloads nothing. */
  Job<HubListing> listModel(HubModel model);

  /** Downloads what is missing of a model; gives the folder that can be opened. */
  Job<Path> fetchModel(HubListing listing);

  /** Frees what an open checkpoint holds; its analyses and evaluations fail from then on. */
  void close(OpenedCheckpoint checkpoint);

  Job<Analysis> analyse(OpenedCheckpoint checkpoint, AnalysisRequest request);

  /** What is known already of an analysis' prices, and how long measuring them would take. */
  Job<SensitivityOutlook> expectSensitivity(Analysis analysis);

  /**
   * Measures on a slice of the calibration text what each sub-layer costs, or finds it in the
   * cache; goes on where an earlier attempt was cancelled.
   */
  Job<Sensitivity> measureSensitivity(Analysis analysis);

  /**
   * The same analysis with answers that a destination takes; quick.
   *
   * @throws org.espalier.task.EspalierException if it takes no width of this model
   */
  Analysis constrain(Analysis analysis, Destination destination);

  /** What the constraint of an analysis costs, measured before anything is pruned. */
  Job<ConstraintCost> constraintCost(Analysis analysis, Target target, Locks locks);

  /** Prunes and keeps the result as a run of the workspace. */
  default Job<Run> prune(Analysis analysis, Target target, Locks locks, String name) {
    return prune(analysis, new PruneRequest(target, locks, name, Optional.empty(), false));
  }

  /** Prunes and keeps the result as a run, in the workspace or in a folder of its own. */
  Job<Run> prune(Analysis analysis, PruneRequest request);

  /**
   * Trains a run by low-rank adapters and keeps the result as a new run with the same plan. A
   * training that was stopped goes on when it is asked for again.
   *
   * @param onPoint called before the first step and after each one on the job's thread
   */
  Job<Run> recover(
      Run pruned, String device, RecoveryRequest request, Consumer<RecoveryPoint> onPoint);

  /**
   * Calls the listener, on the job's thread, when pruning begins to search for its scores, and
   * after every trial; trials of an earlier attempt that is gone on with come with the first call.
   */
  Subscription onSearch(Consumer<SearchSnapshot> listener);

  /** The search that a run came out of, with every trial; empty where there was none. */
  Optional<SearchSnapshot> search(Run run);

  /**
   * Perplexity of the dense model.
   *
   * @param onWindow called after every window on the job's thread
   */
  Job<PerplexityResult> evaluate(
      OpenedCheckpoint dense, EvaluationRequest request, Consumer<PerplexityPoint> onWindow);

  /** Perplexity of a run; kept with the run. */
  Job<PerplexityResult> evaluate(
      Run run, String device, EvaluationRequest request, Consumer<PerplexityPoint> onWindow);

  /**
   * What a folder of data sets offers.
   *
   * @throws org.espalier.task.EspalierException if there is no such folder
   */
  TaskListing tasks(Path folder);

  /**
   * A task put to the dense model.
   *
   * @param onPoint called with the running numbers on the job's thread
   */
  Job<TaskResult> evaluateTask(
      OpenedCheckpoint dense, TaskRequest request, Consumer<TaskPoint> onPoint);

  /** A task put to a run; kept with the run. */
  Job<TaskResult> evaluateTask(
      Run run, String device, TaskRequest request, Consumer<TaskPoint> onPoint);

  /**
   * A task's result with its single items, as kept with a run.
   *
   * @param protocol of one of the run's {@link Run#tasks}
   */
  TaskResult taskResult(Run run, TaskProtocol protocol);

  /** How the numbers of a run were asked for; may wait for a disk. */
  Orders orders(Run run);

  /** Speed of dense and pruned in turns; kept with the run. */
  Job<SpeedComparison> measureSpeed(OpenedCheckpoint dense, Run run, SpeedRequest request);

  /** Speed of one open model. */
  Job<SpeedResult> measureSpeed(OpenedCheckpoint checkpoint, SpeedRequest request);

  /**
   * Continues a prompt.
   *
   * @param onText called with every new piece of text on the job's thread
   * @return the whole continuation
   */
  Job<String> generate(
      OpenedCheckpoint checkpoint, GenerationRequest request, Consumer<String> onText);

  /**
   * Prunes and measures a model with several methods under one protocol; every model becomes a run.
   * The same request goes on behind the last model that a stopped one finished.
   *
   * @param onRow called after every model on the job's thread
   */
  Job<ComparisonResult> compare(
      OpenedCheckpoint checkpoint, ComparisonRequest request, Consumer<ComparisonRow> onRow);

  /**
   * Lets models read the same windows in turns until it is decided which of them foresees the text
   * best, or all windows are read. A race that was stopped goes on when it is asked for again.
   *
   * @param onWindow told where the race stands after every window, on the job's thread
   */
  Job<RaceResult> race(RaceRequest request, Consumer<RaceStanding> onWindow);

  /**
   * Continues one prompt with the dense model and with a draft, token by token in turns. The draft
   * is a mask: nothing is written.
   *
   * @param onDense told every new piece of the dense model's text, on the job's thread
   * @param onDraft told every new piece of the draft's text, on the job's thread
   */
  Job<SideBySide> tryDraft(
      Analysis analysis,
      Target target,
      Locks locks,
      GenerationRequest request,
      Consumer<String> onDense,
      Consumer<String> onDraft);

  /** A run with what is known of its dense model under its protocols; waits for the disk. */
  ComparedRun compared(Run run);

  /**
   * Runs side by side, ready for tables and pages; waits for the disk.
   *
   * @param aligned the ratio by which runs are ordered and drawn
   */
  RunComparison comparison(List<Run> runs, RatioDefinition aligned);

  /**
   * What is known of the dense model on the windows that a run was last measured on; waits for the
   * disk.
   */
  Optional<PerplexityResult> dense(Run run);

  /**
   * Continues one prompt with a model and with runs of it, token by token in turns.
   *
   * @param onText told every new piece of a text, on the job's thread: the dense model's, then one
   *     for each run
   * @return the whole continuations in that order
   */
  Job<List<String>> generate(
      OpenedCheckpoint dense,
      List<Run> runs,
      GenerationRequest request,
      List<Consumer<String>> onText);

  Job<ExportSummary> export(Run run, ExportRequest request);

  /**
   * Which targets cannot hold a run as it stands: their names, and why with what to choose instead.
   * Reads headers and files beside the weights; waits for the disk.
   */
  default Map<String, String> exportRefusals(Run run) {
    return ExportWork.refusals(run.folder());
  }

  /**
   * Bytes that may still be written where a folder is, or would be made; waits for the disk.
   *
   * @throws org.espalier.task.EspalierException naming the folder if the disk does not say
   */
  default long freeBytes(Path folder) {
    return ExportWork.freeBytes(folder);
  }

  /**
   * The protocol of the calibration that a run was pruned with, in words; empty for methods
   * without. Waits for the disk.
   */
  default String calibration(Run run) {
    return PlanFile.read(run.folder()).protocol();
  }

  /**
   * Writes a draft into a file, as JSON or CSV by its ending; waits for the disk.
   *
   * @throws org.espalier.task.EspalierException naming the file if it cannot be written
   */
  default void saveDraft(Path file, SavedDraft draft) {
    DraftFile.write(file, draft);
  }

  /**
   * Reads a draft from a file; waits for the disk.
   *
   * @throws org.espalier.task.EspalierException naming the file and what is wrong with it
   */
  default SavedDraft readDraft(Path file) {
    return DraftFile.read(file);
  }

  /**
   * Where the state of this window is kept; another window that is open at the same time has a
   * place of its own. Waits for the disk when first called.
   */
  SessionStore session();

  /** Runs of the workspace, oldest first. */
  List<Run> runs();

  /**
   * A run by id, name or folder.
   *
   * @throws org.espalier.task.EspalierException if there is none, or several of that name
   */
  Run findRun(String idOrNameOrFolder);

  /** Calls the listener with the whole list on any thread after every change. */
  Subscription onRuns(Consumer<List<Run>> listener);

  void rename(Run run, String name);

  /** Keeps what people write about a run. */
  void note(Run run, String notes);

  /**
   * Removes a run.
   *
   * @return what can be brought back; empty for a run in a folder of its own, which is gone
   */
  Optional<TrashedRun> delete(Run run);

  /** Deleted runs that can be brought back, the newest first. */
  List<TrashedRun> trash();

  /** Brings a deleted run back. */
  void restore(TrashedRun trashed);

  /** Removes all deleted runs for good. */
  void emptyTrash();

  /** Cancels all jobs, waits for them to stop and frees everything. */
  @Override
  void close();
}
