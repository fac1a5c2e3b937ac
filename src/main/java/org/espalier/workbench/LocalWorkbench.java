package org.espalier.workbench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.espalier.allocation.Locks;
import org.espalier.allocation.ModelCosts;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Sensitivity;
import org.espalier.allocation.Target;
import org.espalier.evaluation.PerplexityPoint;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.Speed;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.evaluation.SpeedResult;
import org.espalier.evaluation.race.RaceResult;
import org.espalier.evaluation.race.RaceStanding;
import org.espalier.evaluation.tasks.TaskPoint;
import org.espalier.evaluation.tasks.TaskProtocol;
import org.espalier.evaluation.tasks.TaskResult;
import org.espalier.export.ExportTargets;
import org.espalier.hub.Hub;
import org.espalier.hub.HubListing;
import org.espalier.hub.HubModel;
import org.espalier.pruning.Method;
import org.espalier.pruning.MethodDescription;
import org.espalier.pruning.MethodRegistry;
import org.espalier.pruning.ParameterValues;
import org.espalier.pruning.PrunableModels;
import org.espalier.recovery.RecoveryPoint;
import org.espalier.report.RunComparison;
import org.espalier.report.comparison.ComparedRun;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.Devices;
import org.espalier.torch.TorchRuntime;
import org.espalier.torch.TorchThreads;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.DecoderConfig;
import org.espalier.workspace.Orders;
import org.espalier.workspace.Run;
import org.espalier.workspace.SessionStore;
import org.espalier.workspace.TrashedRun;
import org.espalier.workspace.Workspace;

/** The workbench on this machine: its engine, its devices, a workspace folder. */
public final class LocalWorkbench implements Workbench {
  /** Exports only copy and check; that needs no accelerator. */
  private static final String CPU = "cpu";

  /** Weights stay in memory if they take less than this share of what is free. */
  private static final double RESIDENT_SHARE = 0.5;

  private final EngineMonitor engine = new EngineMonitor(TorchRuntime.shared());
  private final MethodRegistry methods = MethodRegistry.standard();
  private final JobQueue queue = new JobQueue(TorchThreads.factory("compute"));
  private final Workspace workspace;
  private final Sample sample;
  private final Texts texts;
  private final EvaluationWork evaluation;
  private final SearchWork search;
  private final TaskWork tasks;
  private final ComparedRunWork compared;
  private final RunComparisonWork comparisons;
  private final RaceWork races;
  private final AnalysisWork analysis;
  private final PruneWork pruning;
  private final DestinationWork destinations;
  private final RecoveryWork recovery;
  private final HubWork hub;
  private final Map<Long, OpenModel> open = new ConcurrentHashMap<>();
  private SessionStore session;
  private final AtomicLong nextId = new AtomicLong(1);
  private final List<Consumer<List<Run>>> runListeners = new CopyOnWriteArrayList<>();

  /**
   * Opens the workbench and begins to load the engine in the background.
   *
   * @param workspaceFolder where runs, journals and statistics are kept
   */
  public LocalWorkbench(Path workspaceFolder) {
    this(workspaceFolder, Hub.ofEnvironment());
  }

  /** As {@link #LocalWorkbench(Path)}, with a hub of its own. */
  public LocalWorkbench(Path workspaceFolder, Hub modelHub) {
    hub = new HubWork(modelHub, queue);
    TorchRuntime.stayOffline();
    workspace = Workspace.open(workspaceFolder);
    sample = new Sample(workspace.folder().resolve("sample"));
    texts = new Texts(sample, workspace.places());
    Measurer measurer = new Measurer(workspace, methods, texts);
    evaluation = new EvaluationWork(workspace, texts);
    search = new SearchWork(workspace, measurer, texts);
    destinations = new DestinationWork(measurer, texts);
    pruning = new PruneWork(workspace, measurer, search);
    recovery = new RecoveryWork(workspace, texts);
    tasks = new TaskWork(workspace);
    compared = new ComparedRunWork(workspace, evaluation, tasks);
    comparisons = new RunComparisonWork(sample, compared, workspace.places());
    races = new RaceWork(workspace, texts, sample, LocalWorkbench::openModel);
    analysis = new AnalysisWork(measurer, new SensitivityWork(workspace, texts));
    TorchRuntime.shared().start();
  }

  @Override
  public void useThreads(int threads) {
    if (threads < 1) {
      throw new EspalierException("At least one thread is needed, not " + threads + ".");
    }
    TorchThreads.setOperationThreads(Math.min(threads, Runtime.getRuntime().availableProcessors()));
  }

  @Override
  public EngineStatus engineStatus() {
    return engine.status();
  }

  @Override
  public Subscription onEngineStatus(Consumer<EngineStatus> listener) {
    return engine.onChange(listener);
  }

  @Override
  public List<DeviceOption> devices() {
    return Devices.list().stream()
        .map(
            device ->
                new DeviceOption(
                    device.name(),
                    device.available(),
                    device.freeBytes(),
                    device.remedy().orElse("")))
        .toList();
  }

  @Override
  public List<MethodDescription> methods() {
    return methods.descriptions();
  }

  @Override
  public Optional<String> objection(String method, Map<String, String> values) {
    Method known = methods.get(method);
    try {
      known.recipe(ParameterValues.of(known.description(), values));
      return Optional.empty();
    } catch (EspalierException e) {
      return Optional.of(e.getMessage());
    }
  }

  @Override
  public List<ExportTargetDescription> exportTargets() {
    return ExportTargets.all().stream()
        .map(
            target ->
                new ExportTargetDescription(
                    target.name(),
                    target.title(),
                    target.description(),
                    target.holdsAnyWidths(),
                    target.formats(),
                    target.loadSnippet()))
        .toList();
  }

  @Override
  public List<AllocatorDescription> allocators() {
    return Allocators.all();
  }

  @Override
  public Job<ExportSummary> export(Run run, ExportRequest request) {
    return queue.submit(
        "Export " + run.name(),
        progress -> {
          try (OpenModel model = openModel(run.folder(), CPU)) {
            return ExportWork.export(model, request, progress);
          }
        });
  }

  @Override
  public List<Job<?>> jobs() {
    return queue.jobs();
  }

  @Override
  public Subscription onJob(Consumer<Job<?>> listener) {
    return queue.onJob(listener);
  }

  @Override
  public Job<OpenedCheckpoint> open(Optional<Path> folder, String device) {
    String name = folder.map(LocalWorkbench::name).orElse("the sample model");
    return queue.submit(
        "Open " + name,
        progress -> {
          progress.report("Reading the configuration and the weights' headers", 0, 2);
          Path source =
              folder
                  .map(path -> path.toAbsolutePath().normalize())
                  .orElseGet(() -> sample.model().folder());
          OpenModel model = openModel(source, device);
          try {
            progress.report("Hashing the weights", 1, 2);
            model.checkpoint().hash(progress);
            OpenedCheckpoint opened = describe(model, device);
            open.put(opened.id(), model);
            return opened;
          } catch (RuntimeException e) {
            model.close();
            throw e;
          }
        });
  }

  @Override
  public Optional<Path> findModel(HubModel model) {
    return hub.find(model);
  }

  @Override
  public Job<HubListing> listModel(HubModel model) {
    return hub.list(model);
  }

  @Override
  public Job<Path> fetchModel(HubListing listing) {
    return hub.fetch(listing);
  }

  private static String name(Path folder) {
    return Hub.idOf(folder).orElseGet(() -> lastName(folder));
  }

  private static String lastName(Path folder) {
    Path last = folder.toAbsolutePath().normalize().getFileName();
    return last == null ? folder.toString() : last.toString();
  }

  private static OpenModel openModel(Path folder, String device) {
    return OpenModel.open(
        folder,
        Devices.require(device),
        bytes -> {
          OptionalLong free =
              Devices.list().stream()
                  .filter(status -> status.name().equals(device))
                  .findFirst()
                  .map(status -> status.freeBytes())
                  .orElse(OptionalLong.empty());
          return free.isPresent() && bytes > RESIDENT_SHARE * free.getAsLong()
              ? BlockPlacement.STREAMED
              : BlockPlacement.RESIDENT;
        });
  }

  private OpenedCheckpoint describe(OpenModel model, String device) {
    DecoderConfig config = model.layout().config();
    Path folder = model.checkpoint().folder();
    boolean isSample = sample.isSample(folder);
    return new OpenedCheckpoint(
        nextId.getAndIncrement(),
        isSample ? Sample.NAME : name(folder),
        folder,
        config.family().modelType(),
        config.hiddenSize(),
        config.vocabularySize(),
        model.layout().embedding().dtype().name(),
        model.checkpoint().tensorBytes(),
        costs(model),
        model.hasTokenizer(),
        sample.isOrigin(folder),
        device);
  }

  private static ModelCosts costs(OpenModel model) {
    return PrunableModels.costs(model.layout(), model.checkpoint().tensorBytes());
  }

  private OpenModel require(OpenedCheckpoint checkpoint) {
    OpenModel model = open.get(checkpoint.id());
    if (model == null) {
      throw new EspalierException(checkpoint.name() + " was closed; open it again.");
    }
    return model;
  }

  @Override
  public void close(OpenedCheckpoint checkpoint) {
    queue.submit(
        "Close " + checkpoint.name(),
        progress -> {
          OpenModel model = open.remove(checkpoint.id());
          if (model != null) {
            model.close();
          }
          return checkpoint;
        });
  }

  @Override
  public Job<Analysis> analyse(OpenedCheckpoint checkpoint, AnalysisRequest request) {
    return queue.submit(
        "Analyse " + checkpoint.name() + " with " + request.method(),
        progress -> {
          OpenModel model = require(checkpoint);
          return destinations.constrain(
              model, analysis.analyse(model, checkpoint, request, progress), request.destination());
        });
  }

  @Override
  public Job<SensitivityOutlook> expectSensitivity(Analysis analysed) {
    OpenedCheckpoint checkpoint = analysed.checkpoint();
    return queue.submit(
        "Look up prices of " + checkpoint.name(),
        progress -> analysis.outlook(require(checkpoint), analysed, progress));
  }

  @Override
  public Job<Sensitivity> measureSensitivity(Analysis analysed) {
    OpenedCheckpoint checkpoint = analysed.checkpoint();
    return queue.submit(
        "Measure prices of " + checkpoint.name(),
        progress -> analysis.prices(require(checkpoint), analysed, progress));
  }

  @Override
  public Analysis constrain(Analysis analysis, Destination destination) {
    return destinations.constrain(require(analysis.checkpoint()), analysis, destination);
  }

  @Override
  public Job<ConstraintCost> constraintCost(Analysis analysis, Target target, Locks locks) {
    return queue.submit(
        "Measure what " + analysis.constraint().words() + " cost",
        progress ->
            destinations.cost(require(analysis.checkpoint()), analysis, target, locks, progress));
  }

  @Override
  public Job<Run> prune(Analysis analysis, PruneRequest request) {
    return queue.submit("Prune " + request.name(), progress -> prune(analysis, request, progress));
  }

  private Run prune(Analysis analysis, PruneRequest request, Progress progress) {
    Run run = pruning.prune(require(analysis.checkpoint()), analysis, request, progress);
    tellRuns();
    return run;
  }

  @Override
  public Job<Run> recover(
      Run pruned, String device, RecoveryRequest request, Consumer<RecoveryPoint> onPoint) {
    return queue.submit(
        "Recover " + pruned.name(),
        progress -> {
          try (OpenModel model = openModel(pruned.folder(), device)) {
            Run run =
                recovery.recover(
                    model, sample.isOrigin(pruned.folder()), pruned, request, onPoint, progress);
            tellRuns();
            return run;
          }
        });
  }

  @Override
  public Optional<SearchSnapshot> search(Run run) {
    return SearchWork.of(run);
  }

  @Override
  public Subscription onSearch(Consumer<SearchSnapshot> listener) {
    return search.onSearch(listener);
  }

  @Override
  public Job<PerplexityResult> evaluate(
      OpenedCheckpoint dense, EvaluationRequest request, Consumer<PerplexityPoint> onWindow) {
    return queue.submit(
        "Evaluate " + dense.name(), progress -> evaluate(dense, request, onWindow, progress));
  }

  private PerplexityResult evaluate(
      OpenedCheckpoint dense,
      EvaluationRequest request,
      Consumer<PerplexityPoint> onWindow,
      Progress progress) {
    return evaluation.measure(
        require(dense), dense.sample(), dense.device(), request, onWindow, progress);
  }

  @Override
  public Job<PerplexityResult> evaluate(
      Run run, String device, EvaluationRequest request, Consumer<PerplexityPoint> onWindow) {
    return queue.submit(
        "Evaluate " + run.name(), progress -> evaluate(run, device, request, onWindow, progress));
  }

  private PerplexityResult evaluate(
      Run run,
      String device,
      EvaluationRequest request,
      Consumer<PerplexityPoint> onWindow,
      Progress progress) {
    try (OpenModel model = openModel(run.folder(), device)) {
      PerplexityResult result =
          evaluation.measure(
              model, sample.isOrigin(run.folder()), device, request, onWindow, progress);
      Kept.orTold(
          EvaluationWork.words(result),
          () -> {
            workspace.addPerplexity(run, result);
            workspace.remember(run, request.order(result.protocol()));
          });
      tellRuns();
      return result;
    }
  }

  @Override
  public TaskListing tasks(Path folder) {
    return tasks.listing(folder);
  }

  @Override
  public Job<TaskResult> evaluateTask(
      OpenedCheckpoint dense, TaskRequest request, Consumer<TaskPoint> onPoint) {
    return queue.submit(
        tasks.title(request.task()) + " with " + dense.name(),
        progress -> tasks.measure(require(dense), request, onPoint, progress));
  }

  @Override
  public Job<TaskResult> evaluateTask(
      Run run, String device, TaskRequest request, Consumer<TaskPoint> onPoint) {
    return queue.submit(
        tasks.title(request.task()) + " with " + run.name(),
        progress -> {
          try (OpenModel model = openModel(run.folder(), device)) {
            TaskResult result = tasks.measure(model, request, onPoint, progress);
            Kept.orTold(
                TaskWork.words(result),
                () -> {
                  workspace.addTask(run, result);
                  workspace.remember(run, request.order(result.protocol()));
                });
            tellRuns();
            return result;
          }
        });
  }

  @Override
  public TaskResult taskResult(Run run, TaskProtocol protocol) {
    return workspace.task(run, protocol);
  }

  @Override
  public Orders orders(Run run) {
    return Workspace.orders(run.folder());
  }

  @Override
  public Job<SpeedComparison> measureSpeed(OpenedCheckpoint dense, Run run, SpeedRequest request) {
    return queue.submit(
        "Measure speed of " + run.name(), progress -> measureSpeed(dense, run, request, progress));
  }

  private SpeedComparison measureSpeed(
      OpenedCheckpoint dense, Run run, SpeedRequest request, Progress progress) {
    OpenModel model = require(dense);
    try (OpenModel pruned = openModel(run.folder(), dense.device())) {
      SpeedComparison comparison =
          speed(request)
              .compare(model.decoder(), costs(model), pruned.decoder(), costs(pruned), progress);
      Kept.orTold(
          String.format(
              Locale.ROOT,
              "Speed (writes %.2f times as fast as the dense model, reads %.2f times)",
              comparison.decode().median(),
              comparison.prefill().median()),
          () -> {
            workspace.setSpeed(run, comparison);
            workspace.remember(run, request.order());
          });
      tellRuns();
      return comparison;
    }
  }

  @Override
  public Job<SpeedResult> measureSpeed(OpenedCheckpoint checkpoint, SpeedRequest request) {
    return queue.submit(
        "Measure speed of " + checkpoint.name(),
        progress -> {
          OpenModel model = require(checkpoint);
          return speed(request).measure(model.decoder(), costs(model), progress);
        });
  }

  @Override
  public Job<ComparisonResult> compare(
      OpenedCheckpoint checkpoint, ComparisonRequest request, Consumer<ComparisonRow> onRow) {
    ComparisonWork work = new ComparisonWork(workspace, methods, texts, new Steps(checkpoint));
    return queue.submit(
        request.title() + " on " + checkpoint.name(),
        progress -> work.compare(require(checkpoint), checkpoint, request, onRow, progress));
  }

  @Override
  public Job<RaceResult> race(RaceRequest request, Consumer<RaceStanding> onWindow) {
    String names =
        request.models().stream().map(RaceRequest.Model::name).collect(Collectors.joining(", "));
    return queue.submit("Race of " + names, progress -> races.race(request, onWindow, progress));
  }

  /** The steps of a comparison, one after the other inside its own job. */
  private final class Steps implements ComparisonWork.Steps {
    private final OpenedCheckpoint dense;

    Steps(OpenedCheckpoint dense) {
      this.dense = dense;
    }

    @Override
    public Analysis analyse(AnalysisRequest request, boolean afresh, Progress progress) {
      AnalysisWork work = afresh ? analysis.afresh() : analysis;
      return work.analyse(require(dense), dense, request, progress);
    }

    @Override
    public Run prune(Analysis analysis, PruneRequest request, Progress progress) {
      return LocalWorkbench.this.prune(analysis, request, progress);
    }

    @Override
    public PerplexityResult evaluateDense(EvaluationRequest request, Progress progress) {
      return LocalWorkbench.this.evaluate(dense, request, point -> {}, progress);
    }

    @Override
    public PerplexityResult evaluate(Run run, EvaluationRequest request, Progress progress) {
      return LocalWorkbench.this.evaluate(run, dense.device(), request, point -> {}, progress);
    }

    @Override
    public void measureSpeed(Run run, SpeedRequest request, Progress progress) {
      LocalWorkbench.this.measureSpeed(dense, run, request, progress);
    }
  }

  private static Speed speed(SpeedRequest request) {
    return new Speed(
        request.batch(),
        request.promptTokens(),
        request.newTokens(),
        request.warmUps(),
        request.rounds());
  }

  @Override
  public Job<String> generate(
      OpenedCheckpoint checkpoint, GenerationRequest request, Consumer<String> onText) {
    return queue.submit(
        "Generate with " + checkpoint.name(),
        progress -> GenerationWork.generate(require(checkpoint), request, onText, progress));
  }

  @Override
  public Job<List<String>> generate(
      OpenedCheckpoint dense,
      List<Run> variants,
      GenerationRequest request,
      List<Consumer<String>> onText) {
    return queue.submit(
        "Continue a prompt with " + dense.name() + " and its runs",
        progress -> {
          List<OpenModel> models = new ArrayList<>();
          try {
            for (Run run : variants) {
              progress.report("Opening " + run.name(), models.size(), variants.size());
              models.add(openModel(run.folder(), dense.device()));
            }
            return GenerationWork.sideBySide(
                require(dense),
                models.stream().map(OpenModel::decoder).toList(),
                request,
                onText,
                progress);
          } finally {
            models.forEach(OpenModel::close);
          }
        });
  }

  @Override
  public ComparedRun compared(Run run) {
    return compared.of(run);
  }

  @Override
  public RunComparison comparison(List<Run> runs, RatioDefinition aligned) {
    return comparisons.of(runs, aligned);
  }

  @Override
  public Optional<PerplexityResult> dense(Run run) {
    return run.perplexities().isEmpty()
        ? Optional.empty()
        : evaluation.known(
            run.checkpointHash(), run.perplexities().get(run.perplexities().size() - 1).protocol());
  }

  @Override
  public Job<SideBySide> tryDraft(
      Analysis analysed,
      Target target,
      Locks locks,
      GenerationRequest request,
      Consumer<String> onDense,
      Consumer<String> onDraft) {
    return queue.submit(
        "Try the draft of " + analysed.checkpoint().name(),
        progress ->
            pruning.tryOut(
                require(analysed.checkpoint()),
                analysed,
                new PruneWork.Draft(target, locks),
                request,
                onDense,
                onDraft,
                progress));
  }

  @Override
  public synchronized SessionStore session() {
    if (session == null) {
      session = workspace.session();
    }
    return session;
  }

  private synchronized void closeSession() {
    if (session != null) {
      session.close();
    }
  }

  @Override
  public List<Run> runs() {
    return workspace.runs().runs();
  }

  @Override
  public Run findRun(String idOrNameOrFolder) {
    return workspace.find(idOrNameOrFolder);
  }

  @Override
  public Subscription onRuns(Consumer<List<Run>> listener) {
    runListeners.add(listener);
    listener.accept(runs());
    return () -> runListeners.remove(listener);
  }

  private void tellRuns() {
    List<Run> runs = runs();
    runListeners.forEach(listener -> listener.accept(runs));
  }

  @Override
  public void rename(Run run, String name) {
    workspace.rename(run, name);
    tellRuns();
  }

  @Override
  public void note(Run run, String notes) {
    workspace.note(run, notes);
    tellRuns();
  }

  @Override
  public Optional<TrashedRun> delete(Run run) {
    Optional<TrashedRun> trashed = workspace.delete(run);
    tellRuns();
    return trashed;
  }

  @Override
  public List<TrashedRun> trash() {
    return workspace.trash();
  }

  @Override
  public void restore(TrashedRun trashed) {
    workspace.restore(trashed);
    tellRuns();
  }

  @Override
  public void emptyTrash() {
    workspace.emptyTrash();
  }

  @Override
  public void close() {
    queue.close();
    open.values().forEach(OpenModel::close);
    open.clear();
    closeSession();
  }
}
