package org.espalier.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.espalier.evaluation.PerplexityPoint;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.evaluation.SpeedResult;
import org.espalier.workbench.EvaluationRequest;
import org.espalier.workbench.Job;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.SpeedRequest;
import org.espalier.workspace.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "evaluate", description = "Measures perplexity and speed.")
final class EvaluateCommand extends SessionCommand {
  @Parameters(paramLabel = "DIR", description = Session.CHECKPOINT_HELP)
  private String folder;

  @Option(
      names = "--text",
      paramLabel = "FILE",
      description =
          "Text: plain text, JSONL with a text field, or .json with token windows (default for the"
              + " sample model: its held-out text).")
  private Path text;

  @Option(
      names = "--window",
      paramLabel = "N",
      description = "Tokens of one window (default: as ready windows, or 128 of a text).")
  private Integer window;

  @Option(
      names = "--max-windows",
      paramLabel = "N",
      description = "Stop after so many windows (default: all).")
  private Integer maxWindows;

  @Option(
      names = "--speed",
      description = "Also measure reading and writing speed at batch 1 with a KV cache.")
  private boolean speed;

  EvaluateCommand(Terminal terminal, WorkbenchFactory factory) {
    super(terminal, factory);
  }

  @Override
  void check() {
    UsageException.requireAtLeast(2, "--window", window);
    UsageException.requireAtLeast(1, "--max-windows", maxWindows);
  }

  @Override
  void run(Session session) {
    Map<String, Object> result = new LinkedHashMap<>();
    // A run that cannot be written to is measured like any checkpoint.
    Optional<Run> run = session.run(folder).filter(found -> Files.isWritable(found.folder()));
    boolean perplexityToo = text != null || !speed;
    if (run.isPresent()) {
      measureRun(session, run.get(), perplexityToo, result);
    } else {
      OpenedCheckpoint opened = session.open(folder);
      measureCheckpoint(session, opened, perplexityToo || opened.sample(), result);
    }
    session.result(result);
  }

  /** What is measured on a run is kept with it; its speed is compared with the dense model's. */
  private void measureRun(
      Session session, Run run, boolean perplexityToo, Map<String, Object> result) {
    if (perplexityToo) {
      putPerplexity(
          session,
          perplexity(
              session,
              onWindow ->
                  session.workbench().evaluate(run, options().device(), request(), onWindow)),
          result);
    }
    if (speed && !Files.isDirectory(run.checkpoint())) {
      session.warn(
          "The dense checkpoint " + run.checkpoint() + " is gone, so the run is measured alone");
      OpenedCheckpoint opened = session.open(run.folder().toString());
      putSpeed(
          session,
          session.await(session.workbench().measureSpeed(opened, SpeedRequest.DEFAULT)),
          result);
    } else if (speed) {
      OpenedCheckpoint dense = session.open(run.checkpoint().toString());
      SpeedComparison measured =
          session.await(session.workbench().measureSpeed(dense, run, SpeedRequest.DEFAULT));
      putSpeed(session, measured.pruned(), result);
      session.print(
          "Against the dense model in turns: reads "
              + spread(measured.prefill())
              + ", writes "
              + spread(measured.decode()));
      result.put("speedAgainstDense", measured);
    }
  }

  private void measureCheckpoint(
      Session session, OpenedCheckpoint opened, boolean perplexityToo, Map<String, Object> result) {
    if (perplexityToo) {
      if (text == null && !opened.sample()) {
        throw new UsageException(
            "Perplexity needs a text for " + opened.name() + ": add --text FILE");
      }
      putPerplexity(
          session,
          perplexity(
              session, onWindow -> session.workbench().evaluate(opened, request(), onWindow)),
          result);
    }
    if (speed) {
      putSpeed(
          session,
          session.await(session.workbench().measureSpeed(opened, SpeedRequest.DEFAULT)),
          result);
    }
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

  private EvaluationRequest request() {
    return new EvaluationRequest(
        Optional.ofNullable(text),
        window == null ? 0 : window,
        maxWindows == null ? 0 : maxWindows);
  }

  private static void putPerplexity(
      Session session, PerplexityResult measured, Map<String, Object> result) {
    session.print("Perplexity " + Units.number(measured.perplexity()));
    session.print(measured.protocol().description() + ", " + Units.seconds(measured.seconds()));
    result.put("perplexity", measured.perplexity());
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
            + " tokens/s (batch 1, "
            + measured.promptTokens()
            + " read, "
            + measured.newTokens()
            + " written, median of "
            + measured.rounds()
            + " rounds on "
            + measured.device()
            + "), peak memory "
            + Units.bytes(measured.peakMemoryBytes()));
    result.put("prefillTokensPerSecond", measured.prefillTokensPerSecond());
    result.put("decodeTokensPerSecond", measured.decodeTokensPerSecond());
    result.put("peakMemoryBytes", measured.peakMemoryBytes());
    result.put("speed", measured);
  }

  private static String spread(SpeedComparison.Spread spread) {
    return String.format(
        Locale.ROOT, "%.2f times (%.2f to %.2f)", spread.median(), spread.low(), spread.high());
  }
}
