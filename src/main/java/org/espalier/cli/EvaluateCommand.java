package org.espalier.cli;

import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.espalier.allocation.BlockCost;
import org.espalier.evaluation.PerplexityBand;
import org.espalier.evaluation.PerplexityPoint;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.evaluation.SpeedResult;
import org.espalier.task.EspalierException;
import org.espalier.workbench.EvaluationRequest;
import org.espalier.workbench.Job;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.SpeedRequest;
import org.espalier.workspace.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "evaluate", description = "Measures perplexity, tasks and speed.")
final class EvaluateCommand extends SessionCommand {
  private static final String PERPLEXITY = "perplexity";
  private static final String SPEED = "speed";

  @Parameters(paramLabel = "DIR", description = Session.CHECKPOINT_HELP)
  private String folder;

  @Mixin private TextOptions text;

  @Option(
      names = "--good-enough",
      paramLabel = "SHARE",
      description =
          "Stop once the 95 % band is narrower than this share of the perplexity, for example 0.05;"
              + " windows then come in random order and the number is marked as an estimate.")
  private Double goodEnough;

  @Option(
      names = "--again",
      description = "Measure again what is known of this checkpoint under the same protocol.")
  private boolean again;

  @Mixin private TaskOptions tasks;

  @Option(
      names = "--speed",
      description = "Also measure reading and writing speed with a KV cache.")
  private boolean speed;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1",
      description = "Texts at once for --speed (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--prompt-tokens",
      paramLabel = "N",
      defaultValue = "128",
      description = "Tokens read per text for --speed (default: ${DEFAULT-VALUE}).")
  private int promptTokens;

  @Option(
      names = "--new-tokens",
      paramLabel = "N",
      defaultValue = "128",
      description = "Tokens written per text for --speed (default: ${DEFAULT-VALUE}).")
  private int newTokens;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "Measured rounds for --speed, of which the median counts (default: ${DEFAULT-VALUE}).")
  private int rounds;

  private final Map<String, String> failed = new LinkedHashMap<>();

  EvaluateCommand(Terminal terminal, WorkbenchFactory factory) {
    super(terminal, factory);
  }

  @Override
  void check() {
    text.check();
    if (goodEnough != null && !(goodEnough > 0 && goodEnough < 1)) {
      throw new UsageException("--good-enough is a share between 0 and 1, for example 0.05");
    }
    UsageException.requireAtLeast(1, "--batch", batch);
    UsageException.requireAtLeast(1, "--prompt-tokens", promptTokens);
    UsageException.requireAtLeast(1, "--new-tokens", newTokens);
    UsageException.requireAtLeast(1, "--rounds", rounds);
    tasks.check();
  }

  @Override
  void run(Session session) {
    Map<String, Object> result = new LinkedHashMap<>();
    // A run that cannot be written to is measured like any checkpoint.
    Optional<Run> run = session.run(folder).filter(found -> Files.isWritable(found.folder()));
    boolean perplexityToo = text.given() || !(speed || tasks.any());
    if (run.isPresent()) {
      measureRun(session, run.get(), perplexityToo, result);
    } else {
      OpenedCheckpoint opened = session.open(folder);
      boolean ownText = opened.sample() && !tasks.any();
      measureCheckpoint(session, opened, perplexityToo || ownText, result);
    }
    session.result(result);
    TaskMeasuring.complain(result);
    complain(result);
  }

  /** What was asked for: perplexity, tasks, speed. One that fails does not stop the next. */
  private void part(
      Session session, String name, boolean alone, Map<String, Object> result, Runnable measuring) {
    try {
      measuring.run();
    } catch (EspalierException e) {
      if (alone || e instanceof UsageException) {
        throw e;
      }
      session.warn(name + " failed: " + e.getMessage());
      failed.put(name, e.getMessage());
      result.put("failed", failed);
    }
  }

  private void complain(Map<String, Object> result) {
    if (!failed.isEmpty()) {
      throw new EspalierException(
          String.join(" and ", failed.keySet())
              + " failed"
              + (result.size() > 1 ? "; the rest is measured." : "."));
    }
  }

  /** What is measured on a run is kept with it; its speed is compared with the dense model's. */
  private void measureRun(
      Session session, Run run, boolean perplexityToo, Map<String, Object> result) {
    if (perplexityToo) {
      perplexityPart(
          session,
          onWindow -> session.workbench().evaluate(run, options().device(), request(), onWindow),
          result);
    }
    if (tasks.any()) {
      new TaskMeasuring(session, tasks, again)
          .measure(
              (request, onPoint) ->
                  session.workbench().evaluateTask(run, options().device(), request, onPoint),
              result);
    }
    if (speed) {
      part(
          session,
          SPEED,
          !perplexityToo && !tasks.any(),
          result,
          () -> speed(session, run, result));
    }
  }

  private void speed(Session session, Run run, Map<String, Object> result) {
    if (!Files.isDirectory(run.checkpoint())) {
      session.warn(
          "The dense checkpoint " + run.checkpoint() + " is gone, so the run is measured alone");
      OpenedCheckpoint opened = session.open(run.folder().toString());
      putSpeed(
          session, session.await(session.workbench().measureSpeed(opened, speedRequest())), result);
    } else {
      OpenedCheckpoint dense = session.open(run.checkpoint().toString());
      SpeedComparison measured =
          session.await(session.workbench().measureSpeed(dense, run, speedRequest()));
      putSpeed(session, measured.pruned(), result);
      session.print(
          "Against the dense model in turns: reads "
              + spread(measured.prefill())
              + ", writes "
              + spread(measured.decode()));
      measured.notes().forEach(note -> session.print("  " + note));
      result.put("speedAgainstDense", measured);
    }
  }

  private void measureCheckpoint(
      Session session, OpenedCheckpoint opened, boolean perplexityToo, Map<String, Object> result) {
    if (perplexityToo) {
      if (!text.given() && !opened.sample()) {
        throw new UsageException(
            "Perplexity needs a text for " + opened.name() + ": add --text FILE");
      }
      perplexityPart(
          session, onWindow -> session.workbench().evaluate(opened, request(), onWindow), result);
    }
    if (tasks.any()) {
      new TaskMeasuring(session, tasks, again)
          .measure(
              (request, onPoint) -> session.workbench().evaluateTask(opened, request, onPoint),
              result);
    }
    if (speed) {
      part(
          session,
          SPEED,
          !perplexityToo && !tasks.any(),
          result,
          () ->
              putSpeed(
                  session,
                  session.await(session.workbench().measureSpeed(opened, speedRequest())),
                  result));
    }
  }

  private void perplexityPart(
      Session session,
      Function<Consumer<PerplexityPoint>, Job<PerplexityResult>> evaluation,
      Map<String, Object> result) {
    part(
        session,
        PERPLEXITY,
        !speed && !tasks.any(),
        result,
        () -> putPerplexity(session, perplexity(session, evaluation), result));
  }

  /** Runs an evaluation and shows its running value. */
  static PerplexityResult perplexity(
      Session session, Function<Consumer<PerplexityPoint>, Job<PerplexityResult>> evaluation) {
    AtomicReference<PerplexityPoint> latest = new AtomicReference<>();
    return session.await(
        evaluation.apply(latest::set),
        () ->
            Optional.ofNullable(latest.get())
                .map(point -> "perplexity " + Units.number(point.perplexity()))
                .orElse(""));
  }

  private SpeedRequest speedRequest() {
    return new SpeedRequest(batch, promptTokens, newTokens, SpeedRequest.DEFAULT.warmUps(), rounds);
  }

  private EvaluationRequest request() {
    return text.request(tasks.data(), goodEnough == null ? 0 : goodEnough, options().seed(), again);
  }

  private static void putPerplexity(
      Session session, PerplexityResult measured, Map<String, Object> result) {
    PerplexityBand band = measured.band();
    session.print(
        "Perplexity "
            + Units.number(measured.perplexity())
            + (measured.windows() > 1
                ? ", 95 % band " + Units.number(band.low()) + " to " + Units.number(band.high())
                : "")
            + (measured.estimate()
                ? ", an estimate from "
                    + measured.windows()
                    + " of the text's "
                    + measured.textWindows()
                    + " windows: stopped when this band was good enough"
                : ""));
    session.print(measured.protocol().description() + ", " + Units.seconds(measured.seconds()));
    measured.warnings().forEach(warning -> session.warn("Warning: " + warning));
    result.put(PERPLEXITY, measured.perplexity());
    result.put("band", measured.windows() > 1 ? band : null);
    result.put("estimate", measured.estimate());
    result.put("textWindows", measured.textWindows());
    result.put("warnings", measured.warnings());
    result.put("windows", measured.windows());
    result.put("tokens", measured.tokens());
    result.put("seconds", measured.seconds());
    result.put("protocol", measured.protocol());
    result.put("windowNegativeLogLikelihoods", measured.windowNegativeLogLikelihoods());
  }

  private static void putSpeed(Session session, SpeedResult measured, Map<String, Object> result) {
    session.print(
        "Reads "
            + Units.rate(measured.prefillTokensPerSecond())
            + " tokens/s, writes "
            + Units.rate(measured.decodeTokensPerSecond())
            + " tokens/s (batch "
            + measured.batch()
            + ", "
            + measured.promptTokens()
            + " read, "
            + measured.newTokens()
            + " written, median of "
            + measured.rounds()
            + " rounds on "
            + measured.device()
            + "), peak memory "
            + Units.bytes(measured.peakMemoryBytes()));
    session.print(
        "A token written at batch 1 reads "
            + Units.bytes(measured.bytesPerToken())
            + " of weights, keys and values as the checkpoint writes them, and takes "
            + Units.count(measured.blocks().stream().mapToLong(BlockCost::macs).sum())
            + " multiply-accumulates in the blocks");
    result.put("bytesPerToken", measured.bytesPerToken());
    result.put("blocks", measured.blocks());
    result.put("prefillTokensPerSecond", measured.prefillTokensPerSecond());
    result.put("decodeTokensPerSecond", measured.decodeTokensPerSecond());
    result.put("peakMemoryBytes", measured.peakMemoryBytes());
    result.put(SPEED, measured);
  }

  private static String spread(SpeedComparison.Spread spread) {
    return String.format(
        Locale.ROOT, "%.2f times (%.2f to %.2f)", spread.median(), spread.low(), spread.high());
  }
}
