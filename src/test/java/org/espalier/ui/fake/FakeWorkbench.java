package org.espalier.ui.fake;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.Allocator;
import org.espalier.allocation.Bounds;
import org.espalier.allocation.HiddenChannels;
import org.espalier.allocation.Locks;
import org.espalier.allocation.ModelCosts;
import org.espalier.allocation.PriceAllocator;
import org.espalier.allocation.PrunableModel;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Ratios;
import org.espalier.allocation.Sensitivity;
import org.espalier.allocation.Target;
import org.espalier.allocation.WidthConstraint;
import org.espalier.evaluation.PerplexityPoint;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.Protocol;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.evaluation.SpeedResult;
import org.espalier.evaluation.race.RaceResult;
import org.espalier.evaluation.race.RaceStanding;
import org.espalier.evaluation.tasks.TaskPoint;
import org.espalier.evaluation.tasks.TaskProtocol;
import org.espalier.evaluation.tasks.TaskResult;
import org.espalier.export.ExportProof;
import org.espalier.export.LoadSnippet;
import org.espalier.export.WeightFormat;
import org.espalier.hub.HubFile;
import org.espalier.hub.HubHash;
import org.espalier.hub.HubListing;
import org.espalier.hub.HubModel;
import org.espalier.importance.ImportanceMap;
import org.espalier.importance.SubLayerScore;
import org.espalier.importance.SubLayerScores;
import org.espalier.pruning.MethodDescription;
import org.espalier.pruning.MethodParameter;
import org.espalier.pruning.ParameterValues;
import org.espalier.pruning.SliderAnswer;
import org.espalier.recovery.RecoveryPoint;
import org.espalier.report.RunComparison;
import org.espalier.report.Table;
import org.espalier.report.comparison.ComparedRun;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;
import org.espalier.workbench.AllocatorDescription;
import org.espalier.workbench.Allocators;
import org.espalier.workbench.Analysis;
import org.espalier.workbench.AnalysisRequest;
import org.espalier.workbench.ComparisonRequest;
import org.espalier.workbench.ComparisonResult;
import org.espalier.workbench.ComparisonRow;
import org.espalier.workbench.ConstraintCost;
import org.espalier.workbench.Destination;
import org.espalier.workbench.DeviceOption;
import org.espalier.workbench.EngineStatus;
import org.espalier.workbench.EvaluationRequest;
import org.espalier.workbench.ExportRequest;
import org.espalier.workbench.ExportSummary;
import org.espalier.workbench.ExportTargetDescription;
import org.espalier.workbench.GenerationRequest;
import org.espalier.workbench.Job;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.PruneRequest;
import org.espalier.workbench.RaceRequest;
import org.espalier.workbench.RecoveryRequest;
import org.espalier.workbench.SearchSnapshot;
import org.espalier.workbench.SensitivityOutlook;
import org.espalier.workbench.SideBySide;
import org.espalier.workbench.SpeedRequest;
import org.espalier.workbench.Subscription;
import org.espalier.workbench.TaskListing;
import org.espalier.workbench.TaskRequest;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Orders;
import org.espalier.workspace.RecoveredFrom;
import org.espalier.workspace.Run;
import org.espalier.workspace.TrashedRun;

/** A workbench in memory: plausible numbers, no engine, no files, no clocks. */
public final class FakeWorkbench implements Workbench {
  private static final List<String> SPEED_NOTES =
      List.of(
          "A token reads 77 % of the bytes that it read before, so writing one text can get 1.30"
              + " times faster at most where memory is the limit");
  private volatile Optional<EspalierException> pruningRefusal = Optional.empty();
  private final AtomicInteger threads = new AtomicInteger();
  private static final int RECOVERY_STEPS = 100;

  public static final Path SAMPLE = Path.of("/models/sample");

  private final Executor executor;
  private final Gate gate = new Gate();
  private final List<Consumer<EngineStatus>> engineListeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<Job<?>>> jobListeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<List<Run>>> runListeners = new CopyOnWriteArrayList<>();
  private final Map<String, SearchSnapshot> searches = new ConcurrentHashMap<>();
  private final List<Consumer<SearchSnapshot>> searchListeners = new CopyOnWriteArrayList<>();
  private final List<Job<?>> jobs = Collections.synchronizedList(new ArrayList<>());
  private final List<TrashedRun> trash = Collections.synchronizedList(new ArrayList<>());
  private final MemorySession session = new MemorySession();
  private final FakeLane waiting = new FakeLane();
  private final List<Run> runs = Collections.synchronizedList(new ArrayList<>());
  private final List<PerplexityResult> densePerplexities = new CopyOnWriteArrayList<>();
  private final List<TaskResult> denseTasks = new CopyOnWriteArrayList<>();
  private final List<OpenedCheckpoint> closed = Collections.synchronizedList(new ArrayList<>());
  private volatile EngineStatus status =
      new EngineStatus(EngineStatus.State.READY, "PyTorch 2.7.1");
  private volatile Sensitivity sensitivity;
  private volatile String nextFailure = "";
  private long ids;
  private int evaluationWindows = 24;
  private final Map<String, Orders> orders = new ConcurrentHashMap<>();
  private String destinationRefusal = "";
  private BiFunction<PrunableModel, ImportanceMap, Allocator> allocators = FakeAllocator::new;

  /**
   * @param executor runs the jobs; {@code Runnable::run} for tests on one thread
   */
  public FakeWorkbench(Executor executor) {
    this.executor = executor;
  }

  /** Holds jobs at their steps. */
  public Gate gate() {
    return gate;
  }

  /** Checkpoints that were closed. */
  public List<OpenedCheckpoint> closed() {
    return closed;
  }

  /** Takes a run that another window made. */
  public void keep(Run run) {
    changeRuns(list -> list.add(run));
  }

  /** As {@link #keep}, by another program: nobody is told. */
  public void keepSilently(Run run) {
    runs.add(run);
  }

  /** The next job fails at once. */
  public void failNext(String sentence) {
    nextFailure = sentence;
  }

  /** Refuses every destination, until the reason is empty again. */
  public void refuseDestinations(String reason) {
    destinationRefusal = reason;
  }

  public void setEvaluationWindows(int windows) {
    evaluationWindows = windows;
  }

  /** Answers targets with other allocators than the slow and simple one. */
  public void useAllocators(BiFunction<PrunableModel, ImportanceMap, Allocator> others) {
    allocators = others;
  }

  public void setEngineStatus(EngineStatus changed) {
    status = changed;
    engineListeners.forEach(listener -> listener.accept(changed));
  }

  @Override
  public EngineStatus engineStatus() {
    return status;
  }

  @Override
  public Subscription onEngineStatus(Consumer<EngineStatus> listener) {
    engineListeners.add(listener);
    listener.accept(status);
    return () -> engineListeners.remove(listener);
  }

  @Override
  public void useThreads(int wanted) {
    threads.set(wanted);
  }

  /** How many threads were asked for last; 0 for none. */
  public int threads() {
    return threads.get();
  }

  @Override
  public List<DeviceOption> devices() {
    return List.of(
        new DeviceOption("cpu", true, OptionalLong.of(20L << 30), ""),
        new DeviceOption(
            "cuda:0",
            false,
            OptionalLong.empty(),
            "Needs the CUDA runtime: choose a folder with libtorch 2.7.1+cu128."));
  }

  @Override
  public List<MethodDescription> methods() {
    return List.of(
        new MethodDescription(
            "flap",
            "FLAP",
            "Removes units whose outputs fluctuate least and repairs the bias.",
            "An et al., AAAI 2024",
            SliderAnswer.INSTANT,
            true,
            List.of(
                MethodParameter.choice(
                    "metric", "What is measured.", "WIFV", List.of("WIFV", "IFV", "WIFN")),
                MethodParameter.choice(
                    "structure",
                    "Which units compete.",
                    "AL-AM",
                    List.of("UL-UM", "UL-MM", "AL-MM", "AL-AM")),
                MethodParameter.choice(
                    "variant",
                    "The published code or the sound form.",
                    "corrected",
                    List.of("official", "corrected")))),
        new MethodDescription(
            "magnitude",
            "Magnitude",
            "Removes units with the smallest weights.",
            "LLM-Pruner's baseline",
            SliderAnswer.INSTANT,
            false,
            List.of()),
        new MethodDescription(
            "random",
            "Random",
            "Removes units by chance.",
            "",
            SliderAnswer.INSTANT,
            false,
            List.of(
                MethodParameter.seed("seed", "Of the draw."),
                MethodParameter.choice(
                    "compensation",
                    "Whether the bias is repaired.",
                    "false",
                    List.of("true", "false")))),
        new MethodDescription(
            "te-prune",
            "TE-Prune",
            "Weighs what the model would miss of a sub-layer against what it costs.",
            "Yang et al., ICML 2025",
            SliderAnswer.INSTANT,
            true,
            List.of()),
        new MethodDescription(
            "shortgpt",
            "ShortGPT",
            "Scores whole sub-layers and removes the least important ones.",
            "Men et al., 2024",
            SliderAnswer.INSTANT,
            true,
            List.of()),
        new MethodDescription(
            "adapruner",
            "AdaPruner",
            "Searches for the calibration windows and the metric that suit the model.",
            "Kong et al., AAAI 2025",
            SliderAnswer.AFTER_RUN,
            true,
            List.of()));
  }

  @Override
  public Optional<String> objection(String method, Map<String, String> values) {
    MethodDescription known =
        methods().stream().filter(one -> one.name().equals(method)).findFirst().orElseThrow();
    try {
      ParameterValues.of(known, values);
      return Optional.empty();
    } catch (EspalierException e) {
      return Optional.of(e.getMessage());
    }
  }

  @Override
  public List<ExportTargetDescription> exportTargets() {
    return List.of(
        new ExportTargetDescription(
            "hf-stock",
            "Hugging Face, stock",
            "Only for equal widths in all blocks. Opens in Transformers, vLLM and llama.cpp.",
            false,
            List.of(WeightFormat.BF16, WeightFormat.F16, WeightFormat.F32),
            new LoadSnippet("AutoModelForCausalLM.from_pretrained(\"{folder}\")")),
        new ExportTargetDescription(
            "hf",
            "Hugging Face, per-layer widths",
            "Safetensors with a small modelling file of its own. Opens in Transformers 5 with"
                + " trust_remote_code, and in Espalier.",
            true,
            List.of(WeightFormat.BF16, WeightFormat.F16, WeightFormat.F32),
            new LoadSnippet(
                "AutoModelForCausalLM.from_pretrained(\"{folder}\", trust_remote_code=True)")));
  }

  @Override
  public List<Job<?>> jobs() {
    return List.copyOf(jobs);
  }

  @Override
  public Subscription onJob(Consumer<Job<?>> listener) {
    jobListeners.add(listener);
    return () -> jobListeners.remove(listener);
  }

  @Override
  public Job<OpenedCheckpoint> open(Optional<Path> folder, String device) {
    String name = folder.map(path -> path.getFileName().toString()).orElse("sample model");
    return start(
        "Open " + name,
        progress -> {
          progress.report("Reading config.json", 0, 2);
          if (name.startsWith("broken")) {
            throw new EspalierException(
                "The folder "
                    + folder.orElseThrow()
                    + " holds no config.json: choose the folder of a Hugging Face checkpoint.");
          }
          progress.report("Mapping the weights", 1, 2);
          PrunableModel model = folder.isEmpty() ? sampleModel() : folderModel(folder.get());
          return new OpenedCheckpoint(
              nextId(),
              name,
              folder.orElse(SAMPLE),
              "llama",
              192,
              2048,
              "BF16",
              2 * model.totalParameters(),
              costs(model),
              !name.equals("no-tokenizer"),
              folder.isEmpty(),
              device);
        });
  }

  private static ModelCosts costs(PrunableModel model) {
    return new ModelCosts(
        model,
        2 * model.totalParameters(),
        2,
        192,
        24,
        2048,
        true,
        2048,
        Collections.nCopies(
            model.blocks().size(), new ModelCosts.Block(2, 0, 192, 192, false, false, false)));
  }

  @Override
  public Optional<Path> findModel(HubModel model) {
    return model.id().endsWith("/kept") ? Optional.of(Path.of("/hub/kept")) : Optional.empty();
  }

  @Override
  public Job<HubListing> listModel(HubModel model) {
    return start(
        "List " + model,
        progress -> {
          progress.report("Asking the hub", 0, 0);
          if (model.id().endsWith("/missing")) {
            throw new EspalierException(
                "The hub has no " + model.id() + " at revision main (404).");
          }
          HubHash hash = new HubHash(HubHash.Kind.GIT_BLOB, "0".repeat(40));
          return new HubListing(
              model,
              "1".repeat(40),
              List.of(
                  new HubFile("config.json", 700, hash),
                  new HubFile("model.safetensors", 1_000_000_000, hash)),
              600_000_000);
        });
  }

  @Override
  public Job<Path> fetchModel(HubListing listing) {
    return start(
        "Download " + listing.model(),
        progress -> {
          for (int part = 0; part < 4; part++) {
            progress.report(
                "Downloading model.safetensors", part * listing.bytes() / 4, listing.bytes());
          }
          return Path.of("/hub").resolve(listing.model().id().replace('/', '-'));
        });
  }

  @Override
  public void close(OpenedCheckpoint checkpoint) {
    closed.add(checkpoint);
  }

  @Override
  public Job<Analysis> analyse(OpenedCheckpoint checkpoint, AnalysisRequest request) {
    MethodDescription method =
        methods().stream()
            .filter(candidate -> candidate.name().equals(request.method()))
            .findFirst()
            .orElseThrow();
    return start(
        "Analyse with " + method.title(),
        progress -> {
          int blocks = checkpoint.model().blocks().size();
          for (int block = 0; block < blocks; block++) {
            progress.report("Measuring block " + block + " of " + blocks, block, blocks);
          }
          ImportanceMap importance =
              request.method().equals("shortgpt")
                  ? wholeSubLayers(checkpoint.model())
                  : importance(checkpoint.model(), request);
          Analysis measured =
              new Analysis(
                  checkpoint,
                  request,
                  method,
                  importance,
                  request.method().equals("te-prune")
                      ? judged(checkpoint.model())
                      : SubLayerScores.NONE,
                  request.allocator().equals(Allocators.PRICE)
                      ? new PriceAllocator(
                          checkpoint.model(),
                          FakeSensitivity.of(checkpoint.model()),
                          subLayer -> Bounds.NONE)
                      : allocators.apply(checkpoint.model(), importance),
                  false,
                  method.needsCalibration()
                      ? request.calibration().samples()
                          + " windows of "
                          + request.calibration().window()
                          + " tokens of the sample’s text, seed "
                          + request.calibration().seed()
                      : "");
          return constrain(measured, request.destination());
        });
  }

  @Override
  public List<AllocatorDescription> allocators() {
    return List.of(
        new AllocatorDescription(Allocators.OWN, "the method's own", ""),
        new AllocatorDescription(Allocators.PRICE, "equal prices", ""));
  }

  @Override
  public Job<SensitivityOutlook> expectSensitivity(Analysis analysis) {
    return start(
        "Look up prices",
        progress ->
            analysis.method().needsCalibration()
                ? new SensitivityOutlook(
                    Optional.ofNullable(sensitivity),
                    Duration.ofSeconds(sensitivity == null ? 40 : 0),
                    Optional.empty())
                : new SensitivityOutlook(
                    Optional.empty(), Duration.ZERO, Optional.of("Prices are not known.")));
  }

  @Override
  public Job<Sensitivity> measureSensitivity(Analysis analysis) {
    return start(
        "Measure prices",
        progress -> {
          for (int step = 0; step < 10; step++) {
            progress.report("Pruning one sub-layer at a time", step, 10);
          }
          sensitivity = FakeSensitivity.of(analysis.checkpoint().model());
          return sensitivity;
        });
  }

  @Override
  public Job<SideBySide> tryDraft(
      Analysis analysis,
      Target target,
      Locks locks,
      GenerationRequest request,
      Consumer<String> onDense,
      Consumer<String> onDraft) {
    return start(
        "Try the draft",
        progress -> {
          analysis.allocate(target, locks);
          String dense = "";
          String draft = "";
          for (int token = 0; token < request.newTokens(); token++) {
            progress.report("Generating", token, request.newTokens());
            dense += " dense" + token;
            onDense.accept(" dense" + token);
            draft += " draft" + token;
            onDraft.accept(" draft" + token);
          }
          return new SideBySide(dense, draft);
        });
  }

  /** Lets the next pruning fail. */
  public void failNextPruning(String why) {
    pruningRefusal = Optional.of(new EspalierException(why));
  }

  @Override
  public Job<Run> prune(Analysis analysis, PruneRequest request) {
    Target target = request.target();
    Locks locks = request.locks();
    String name = request.name();
    return start(
        "Prune " + name,
        progress -> {
          Optional<EspalierException> refusal = pruningRefusal;
          pruningRefusal = Optional.empty();
          if (refusal.isPresent()) {
            throw refusal.get();
          }
          Allocation allocation = analysis.allocate(target, locks);
          PrunableModel model = analysis.checkpoint().model();
          for (int block = 0; block < model.blocks().size(); block++) {
            progress.report(
                "Cutting block " + block + " of " + model.blocks().size(),
                block,
                model.blocks().size());
          }
          Ratios ratios = Ratios.of(allocation, model);
          long after = Math.round(model.totalParameters() * (1 - ratios.total()));
          String id = "run-" + nextId();
          Run run =
              new Run(
                  id,
                  name,
                  Path.of("/workspace", id),
                  analysis.checkpoint().folder(),
                  "c0ffee",
                  analysis.method().name(),
                  ParameterValues.of(analysis.method(), analysis.request().parameters()).asMap(),
                  target,
                  locks,
                  allocation,
                  ratios,
                  model.totalParameters(),
                  after,
                  2 * after,
                  3.5,
                  40L << 20,
                  Instant.EPOCH,
                  List.of(),
                  Optional.empty());
          changeRuns(list -> list.add(run));
          return run;
        });
  }

  @Override
  public Job<Run> recover(
      Run pruned, String device, RecoveryRequest request, Consumer<RecoveryPoint> onPoint) {
    return start(
        "Recover " + pruned.name(),
        progress -> {
          double level = 6.14 * Math.exp(1.4 * pruned.ratios().prunable());
          List<RecoveredFrom.Look> looks = new ArrayList<>();
          Random random = new Random(5);
          for (int step = 0; step <= RECOVERY_STEPS; step++) {
            progress.report("Training step " + (step + 1), step, RECOVERY_STEPS);
            double now = Math.log(level) - 0.4 * (1 - Math.exp(-step / 30.0));
            boolean look = step % 10 == 0;
            onPoint.accept(
                new RecoveryPoint(
                    step,
                    RECOVERY_STEPS,
                    step == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(now + 0.08 * random.nextGaussian()),
                    look ? OptionalDouble.of(Math.exp(now)) : OptionalDouble.empty(),
                    1e-3,
                    0.5 * step));
            if (look) {
              looks.add(new RecoveredFrom.Look(step, now, Math.exp(now), 0.5 * step));
            }
          }
          String id = "run-" + nextId();
          Run run =
              new Run(
                  id,
                  request.name(),
                  Path.of("/workspace", id),
                  pruned.checkpoint(),
                  pruned.checkpointHash(),
                  pruned.method(),
                  pruned.parameters(),
                  pruned.target(),
                  pruned.locks(),
                  pruned.allocation(),
                  pruned.ratios(),
                  pruned.parametersBefore(),
                  pruned.parametersAfter(),
                  pruned.bytes(),
                  60,
                  60L << 20,
                  Instant.EPOCH,
                  List.of(),
                  Optional.empty(),
                  Optional.of(
                      new RecoveredFrom(
                          pruned.id(),
                          pruned.name(),
                          request.file().map(Path::toString).orElse("calibration.txt"),
                          request.settings().asMap(),
                          looks,
                          "all " + RECOVERY_STEPS + " steps done")),
                  List.of());
          changeRuns(list -> list.add(run));
          return run;
        });
  }

  @Override
  public Job<PerplexityResult> evaluate(
      OpenedCheckpoint dense, EvaluationRequest request, Consumer<PerplexityPoint> onWindow) {
    return start(
        "Evaluate " + dense.name(),
        progress -> {
          PerplexityResult result = measure(6.14, request, onWindow, progress);
          densePerplexities.add(result);
          return result;
        });
  }

  @Override
  public Job<PerplexityResult> evaluate(
      Run run, String device, EvaluationRequest request, Consumer<PerplexityPoint> onWindow) {
    return start(
        "Evaluate " + run.name(),
        progress -> {
          double level = 6.14 * Math.exp(1.4 * run.ratios().prunable());
          PerplexityResult result = measure(level, request, onWindow, progress);
          orders.merge(run.id(), orderOf(request, result), FakeWorkbench::together);
          replace(
              run.id(),
              known -> {
                List<PerplexityResult> results = new ArrayList<>(known.perplexities());
                results.add(result);
                return with(known, known.name(), results, known.speed());
              });
          return result;
        });
  }

  @Override
  public TaskListing tasks(Path folder) {
    return FakeTasks.listing();
  }

  @Override
  public Optional<PerplexityResult> dense(Run run) {
    return densePerplexities.stream()
        .filter(
            dense ->
                run.perplexities().stream()
                    .anyMatch(result -> result.protocol().equals(dense.protocol())))
        .findFirst();
  }

  @Override
  public Job<TaskResult> evaluateTask(
      OpenedCheckpoint dense, TaskRequest request, Consumer<TaskPoint> onPoint) {
    return start(
        request.task() + " with " + dense.name(),
        progress -> {
          TaskResult result = FakeTasks.measure(0.78, request, onPoint, progress);
          denseTasks.add(result);
          return result;
        });
  }

  @Override
  public Job<TaskResult> evaluateTask(
      Run run, String device, TaskRequest request, Consumer<TaskPoint> onPoint) {
    return start(
        request.task() + " with " + run.name(),
        progress -> {
          double share = 0.78 - 0.4 * run.ratios().prunable();
          TaskResult result = FakeTasks.measure(share, request, onPoint, progress);
          orders.merge(run.id(), orderOf(request, result), FakeWorkbench::together);
          replace(run.id(), known -> withTask(known, result));
          return result;
        });
  }

  @Override
  public TaskResult taskResult(Run run, TaskProtocol protocol) {
    return run.tasks().stream()
        .filter(result -> result.protocol().equals(protocol))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public Job<SpeedComparison> measureSpeed(OpenedCheckpoint dense, Run run, SpeedRequest request) {
    return start(
        "Measure the speed of " + run.name(),
        progress -> {
          for (int round = 0; round < request.rounds(); round++) {
            progress.report("Round " + (round + 1), round, request.rounds());
          }
          double gain = 1 / (1 - 0.8 * run.ratios().total());
          SpeedResult before = speed(5120, 412, 96L << 20, request);
          SpeedResult after = speed(5120 * gain, 412 * gain, 81L << 20, request);
          SpeedComparison comparison =
              new SpeedComparison(
                  before,
                  after,
                  new SpeedComparison.Spread(gain * 0.97, gain, gain * 1.02),
                  new SpeedComparison.Spread(gain * 0.95, gain, gain * 1.04),
                  SPEED_NOTES);
          orders.merge(run.id(), orderOf(request), FakeWorkbench::together);
          replace(
              run.id(),
              known -> with(known, known.name(), known.perplexities(), Optional.of(comparison)));
          return comparison;
        });
  }

  @Override
  public Job<SpeedResult> measureSpeed(OpenedCheckpoint checkpoint, SpeedRequest request) {
    return start(
        "Measure the speed of " + checkpoint.name(),
        progress -> speed(5120, 412, 96L << 20, request));
  }

  private static SpeedResult speed(double reads, double writes, long peak, SpeedRequest request) {
    return new SpeedResult(
        reads,
        writes,
        peak,
        request.promptTokens(),
        request.newTokens(),
        request.rounds(),
        "cpu",
        request.batch(),
        new SpeedComparison.Spread(reads * 0.98, reads, reads * 1.01),
        new SpeedComparison.Spread(writes * 0.97, writes, writes * 1.02),
        0,
        List.of());
  }

  @Override
  public Orders orders(Run run) {
    return orders.getOrDefault(run.id(), Orders.NONE);
  }

  private static Orders orderOf(SpeedRequest request) {
    return new Orders(
        List.of(),
        List.of(),
        List.of(
            new Orders.SpeedOrder(
                request.batch(),
                request.promptTokens(),
                request.newTokens(),
                request.warmUps(),
                request.rounds())));
  }

  private static Orders orderOf(EvaluationRequest request, PerplexityResult result) {
    return new Orders(
        List.of(
            new Orders.PerplexityOrder(
                result.protocol(),
                request.file().map(Path::toString).orElse(""),
                request.folder().map(Path::toString).orElse(""),
                request.protocol(),
                request.window(),
                request.maxWindows(),
                request.bos().name(),
                request.goodEnough(),
                request.seed())),
        List.of(),
        List.of());
  }

  private static Orders orderOf(TaskRequest request, TaskResult result) {
    return new Orders(
        List.of(),
        List.of(
            new Orders.TaskOrder(
                result.protocol(), request.folder().toString(), request.limit(), "")),
        List.of());
  }

  private static Orders together(Orders first, Orders second) {
    return new Orders(
        joined(first.perplexities(), second.perplexities()),
        joined(first.tasks(), second.tasks()),
        second.speeds().isEmpty() ? first.speeds() : second.speeds());
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  @Override
  public Job<String> generate(
      OpenedCheckpoint checkpoint, GenerationRequest request, Consumer<String> onText) {
    throw new UnsupportedOperationException("the window does not generate yet");
  }

  @Override
  public Job<List<String>> generate(
      OpenedCheckpoint dense,
      List<Run> variants,
      GenerationRequest request,
      List<Consumer<String>> onText) {
    return start(
        "Continue a prompt",
        progress -> {
          String[] texts = new String[onText.size()];
          Arrays.fill(texts, "");
          for (int token = 0; token < request.newTokens(); token++) {
            progress.report("Generating", token, request.newTokens());
            for (int i = 0; i < texts.length; i++) {
              String piece = (i == 0 ? " dense" : " " + variants.get(i - 1).method()) + token;
              texts[i] += piece;
              onText.get(i).accept(piece);
            }
          }
          return List.of(texts);
        });
  }

  @Override
  public ComparedRun compared(Run run) {
    return new ComparedRun(
        run,
        densePerplexities,
        run.tasks().stream()
            .map(
                result ->
                    ComparedRun.AgainstDense.of(
                        result,
                        denseTasks.stream()
                            .filter(dense -> dense.protocol().equals(result.protocol()))
                            .findFirst()))
            .toList());
  }

  @Override
  public Run findRun(String idOrNameOrFolder) {
    return runs().stream()
        .filter(run -> run.name().equals(idOrNameOrFolder))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public RunComparison comparison(List<Run> compared, RatioDefinition aligned) {
    return new RunComparison(
        compared.stream()
            .map(
                run ->
                    new RunComparison.Entry(
                        compared(run), "model", "model", Optional.empty(), "", Optional.empty()))
            .toList(),
        aligned);
  }

  @Override
  public Job<RaceResult> race(RaceRequest request, Consumer<RaceStanding> onWindow) {
    return start("Race", progress -> FakeRace.run(request, onWindow, progress));
  }

  @Override
  public Job<ComparisonResult> compare(
      OpenedCheckpoint checkpoint, ComparisonRequest request, Consumer<ComparisonRow> onRow) {
    return start(
        request.title() + " on " + checkpoint.name(),
        progress -> {
          int models = request.entries().size();
          for (int i = 0; i < models; i++) {
            progress.report(request.entries().get(i).label(), i, models);
          }
          return new ComparisonResult(
              measure(6.14, request.evaluation(), point -> {}, progress),
              List.of(),
              List.of(),
              List.of(),
              new Table(List.of("method"), List.of()),
              Path.of("/comparisons/report.html"));
        });
  }

  @Override
  public Analysis constrain(Analysis analysis, Destination destination) {
    if (!destination.isAnywhere() && !destinationRefusal.isEmpty()) {
      throw new EspalierException(destinationRefusal);
    }
    return analysis.constrained(
        destination,
        destination.isAnywhere()
            ? WidthConstraint.NONE
            : new WidthConstraint(
                "The target " + destination.target(),
                true,
                true,
                Set.of(),
                destination.channelMultiple(),
                true,
                true));
  }

  @Override
  public Job<ConstraintCost> constraintCost(Analysis analysis, Target target, Locks locks) {
    return start(
        "Measure what widths cost",
        progress ->
            new ConstraintCost(
                analysis.free().allocate(target, locks),
                analysis.allocate(target, locks),
                7.1,
                7.6,
                "16 windows of 128 tokens of stories"));
  }

  @Override
  public long freeBytes(Path folder) {
    return folder.startsWith("/full") ? 1_000 : 12L << 30;
  }

  @Override
  public Map<String, String> exportRefusals(Run run) {
    Allocation kept = run.allocation();
    boolean even =
        kept.keptHeadGroups().stream().distinct().count() == 1
            && kept.keptChannels().stream().distinct().count() == 1;
    return even
        ? Map.of()
        : Map.of("hf-stock", "The blocks have different widths; choose the target hf.");
  }

  @Override
  public Job<ExportSummary> export(Run run, ExportRequest request) {
    return start(
        "Export " + run.name(),
        progress -> {
          progress.report("Writing model.safetensors", 0, 2);
          if (Files.exists(request.folder()) && !request.overwrite()) {
            throw new EspalierException(
                "The folder "
                    + request.folder()
                    + " exists already: choose another one or tick “Replace”.");
          }
          progress.report("Reading back and comparing logits", 1, 2);
          return new ExportSummary(
              request.folder(),
              request.target(),
              request.format(),
              (long) (run.parametersAfter() * request.format().bitsPerWeight() / 8),
              new ExportProof(List.of(1, 2, 3, 4, 5, 6, 7, 8), 3.1e-6, 9, 8, 0, 0),
              true,
              "",
              "from transformers import AutoModelForCausalLM\n\n"
                  + "model = AutoModelForCausalLM.from_pretrained(\n    \""
                  + request.folder()
                  + "\", trust_remote_code=True)");
        });
  }

  @Override
  public String calibration(Run run) {
    return run.method().equals("magnitude") ? "" : "64 windows of 128 tokens, seed 0";
  }

  @Override
  public MemorySession session() {
    return session;
  }

  @Override
  public List<Run> runs() {
    synchronized (runs) {
      return List.copyOf(runs);
    }
  }

  @Override
  public Optional<SearchSnapshot> search(Run run) {
    return Optional.ofNullable(searches.get(run.id()));
  }

  /** Lets a run have come out of a search. */
  public void keepSearch(Run run, SearchSnapshot snapshot) {
    searches.put(run.id(), snapshot);
  }

  @Override
  public Subscription onSearch(Consumer<SearchSnapshot> listener) {
    searchListeners.add(listener);
    return () -> searchListeners.remove(listener);
  }

  /** Tells of a search as a running job would. */
  public void tellSearch(SearchSnapshot snapshot) {
    searchListeners.forEach(listener -> listener.accept(snapshot));
  }

  @Override
  public Subscription onRuns(Consumer<List<Run>> listener) {
    runListeners.add(listener);
    return () -> runListeners.remove(listener);
  }

  @Override
  public void rename(Run run, String name) {
    replace(run.id(), known -> with(known, name, known.perplexities(), known.speed()));
  }

  @Override
  public void note(Run run, String notes) {
    replace(run.id(), known -> known.noted(notes.strip()));
  }

  @Override
  public Optional<TrashedRun> delete(Run run) {
    TrashedRun trashed = new TrashedRun(run, Instant.EPOCH.plusSeconds(3600L * trash.size()));
    trash.add(0, trashed);
    changeRuns(list -> list.removeIf(known -> known.id().equals(run.id())));
    return Optional.of(trashed);
  }

  @Override
  public List<TrashedRun> trash() {
    return List.copyOf(trash);
  }

  @Override
  public void restore(TrashedRun trashed) {
    trash.remove(trashed);
    changeRuns(list -> list.add(trashed.run()));
  }

  @Override
  public void emptyTrash() {
    trash.clear();
  }

  @Override
  public void close() {
    jobs().forEach(Job::cancel);
    gate.open();
  }

  /** Eight blocks of four head groups and 512 channels. */
  public static PrunableModel sampleModel() {
    return model(8, 4, 512);
  }

  private PrunableModel folderModel(Path folder) {
    Optional<Run> run = runs().stream().filter(known -> known.folder().equals(folder)).findFirst();
    if (run.isPresent()) {
      Allocation kept = run.get().allocation();
      PrunableModel dense = sampleModel();
      List<PrunableModel.Block> blocks =
          IntStream.range(0, kept.blocks())
              .mapToObj(
                  b ->
                      new PrunableModel.Block(
                          kept.keptHeadGroups().get(b),
                          dense.blocks().get(b).parametersPerHeadGroup(),
                          kept.keptChannels().get(b),
                          dense.blocks().get(b).parametersPerChannel()))
              .toList();
      return new PrunableModel(
          blocks, run.get().parametersAfter() - 2048 * 192, run.get().parametersAfter());
    }
    String name = folder.getFileName().toString();
    return name.contains("70b")
        ? model(80, name.contains("mha") ? 128 : 8, 28_672)
        : name.contains("mha") ? model(32, 128, 11_008) : model(32, 8, 1376);
  }

  private static PrunableModel model(int blocks, int headGroups, int channels) {
    PrunableModel.Block block =
        new PrunableModel.Block(headGroups, 3L * 2 * 24 * 192, channels, 3L * 192);
    List<PrunableModel.Block> all = Collections.nCopies(blocks, block);
    long layers =
        blocks
            * (headGroups * block.parametersPerHeadGroup()
                + channels * block.parametersPerChannel()
                + 2L * 192);
    long total = layers + 2048L * 192 + 192;
    return new PrunableModel(
        all,
        layers,
        total,
        24,
        new HiddenChannels(192, (layers - 2L * blocks * 192) / 192, layers / 192, total / 192));
  }

  private static ImportanceMap importance(PrunableModel model, AnalysisRequest request) {
    Random random = new Random(7 + request.method().hashCode());
    List<double[]> attention = new ArrayList<>();
    List<double[]> feedForward = new ArrayList<>();
    int blocks = model.blocks().size();
    for (int b = 0; b < blocks; b++) {
      double outer = Math.abs(2.0 * b / Math.max(1, blocks - 1) - 1);
      double level = 0.8 * outer * outer + 0.3 * random.nextGaussian() * 0.6;
      attention.add(scores(random, model.blocks().get(b).headGroups(), level + 0.9));
      feedForward.add(scores(random, model.blocks().get(b).channels(), level));
    }
    return new ImportanceMap("WIFV, standardised per block", attention, feedForward);
  }

  /** One score for all units of a sub-layer. */
  private static ImportanceMap wholeSubLayers(PrunableModel model) {
    Random random = new Random(11);
    return new ImportanceMap(
        "block influence, 1 − cosine",
        model.blocks().stream().map(block -> same(block.headGroups(), random)).toList(),
        model.blocks().stream().map(block -> same(block.channels(), random)).toList());
  }

  private static double[] same(int units, Random random) {
    double[] scores = new double[units];
    Arrays.fill(scores, random.nextDouble());
    return scores;
  }

  private static SubLayerScores judged(PrunableModel model) {
    Random random = new Random(12);
    Map<SubLayer, SubLayerScore> scores = new HashMap<>();
    int count = model.subLayers().size();
    for (SubLayer subLayer : model.subLayers()) {
      double share = (0.4 + random.nextDouble()) / count;
      double cost = (subLayer.kind() == SubLayerKind.ATTENTION ? 0.6 : 1.4) / count;
      scores.put(subLayer, new SubLayerScore(2.5 * share, share, cost, share - cost));
    }
    return new SubLayerScores("transfer entropy, nats", "TE", scores);
  }

  private static double[] scores(Random random, int units, double level) {
    return IntStream.range(0, units)
        .mapToDouble(unit -> level + Math.exp(0.8 * random.nextGaussian()) - 1)
        .toArray();
  }

  private PerplexityResult measure(
      double level,
      EvaluationRequest request,
      Consumer<PerplexityPoint> onWindow,
      Progress progress) {
    int windows =
        request.maxWindows() > 0
            ? Math.min(request.maxWindows(), evaluationWindows)
            : evaluationWindows;
    Random random = new Random(3);
    List<Double> means = new ArrayList<>();
    double sum = 0;
    for (int window = 0; window < windows; window++) {
      progress.report("Window " + (window + 1) + " of " + windows, window, windows);
      double mean = Math.log(level) + 0.18 * random.nextGaussian();
      means.add(mean);
      sum += mean;
      onWindow.accept(new PerplexityPoint(window + 1, windows, mean, Math.exp(sum / (window + 1))));
    }
    return new PerplexityResult(
        Math.exp(sum / windows),
        means,
        (long) windows * (request.window() - 1),
        1.5,
        new Protocol(
            request.file().map(file -> file.getFileName().toString()).orElse("held-out text"),
            "5eed",
            request.window(),
            windows,
            "BOS before every window",
            "float32",
            "cpu",
            0));
  }

  private static Run with(
      Run run, String name, List<PerplexityResult> results, Optional<SpeedComparison> speed) {
    return new Run(
        run.id(),
        name,
        run.folder(),
        run.checkpoint(),
        run.checkpointHash(),
        run.method(),
        Map.copyOf(run.parameters()),
        run.target(),
        run.locks(),
        run.allocation(),
        run.ratios(),
        run.parametersBefore(),
        run.parametersAfter(),
        run.bytes(),
        run.seconds(),
        run.peakMemoryBytes(),
        run.created(),
        results,
        speed,
        run.recoveredFrom(),
        run.tasks());
  }

  private static Run withTask(Run run, TaskResult result) {
    List<TaskResult> tasks = new ArrayList<>(run.tasks());
    tasks.removeIf(known -> known.protocol().equals(result.protocol()));
    tasks.add(result);
    return new Run(
        run.id(),
        run.name(),
        run.folder(),
        run.checkpoint(),
        run.checkpointHash(),
        run.method(),
        Map.copyOf(run.parameters()),
        run.target(),
        run.locks(),
        run.allocation(),
        run.ratios(),
        run.parametersBefore(),
        run.parametersAfter(),
        run.bytes(),
        run.seconds(),
        run.peakMemoryBytes(),
        run.created(),
        run.perplexities(),
        run.speed(),
        run.recoveredFrom(),
        tasks);
  }

  private void replace(String id, Function<Run, Run> change) {
    changeRuns(
        list -> list.replaceAll(known -> known.id().equals(id) ? change.apply(known) : known));
  }

  private void changeRuns(Consumer<List<Run>> change) {
    List<Run> now;
    synchronized (runs) {
      change.accept(runs);
      now = List.copyOf(runs);
    }
    runListeners.forEach(listener -> listener.accept(now));
  }

  private <T> Job<T> start(String title, Function<Progress, T> work) {
    return queue(
        title,
        progress -> {
          String failure = nextFailure;
          nextFailure = "";
          if (!failure.isEmpty()) {
            throw new EspalierException(failure);
          }
          return work.apply(progress);
        });
  }

  private <T> Job<T> queue(String title, Function<Progress, T> work) {
    FakeJob<T> job = new FakeJob<>(nextId(), title, gate, work, waiting, () -> queue(title, work));
    waiting.add(job);
    jobs.add(job);
    jobListeners.forEach(listener -> listener.accept(job));
    executor.execute(waiting::runNext);
    return job;
  }

  private synchronized long nextId() {
    return ++ids;
  }
}
