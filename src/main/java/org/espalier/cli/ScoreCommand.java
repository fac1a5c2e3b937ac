package org.espalier.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.espalier.importance.ImportanceMap;
import org.espalier.pruning.MethodDescription;
import org.espalier.transformer.SubLayer;
import org.espalier.workbench.Analysis;
import org.espalier.workbench.OpenedCheckpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "score", description = "Measures the importance of every unit.")
final class ScoreCommand extends SessionCommand {
  private record Scores(
      String checkpoint,
      String method,
      Map<String, String> parameters,
      String statistic,
      String calibration,
      List<BlockScores> blocks,
      @JsonInclude(JsonInclude.Include.NON_NULL) Stream residualStream) {}

  /** Scores of the residual stream's channels, for methods that remove those. */
  private record Stream(String statistic, List<Double> channels) {}

  private record BlockScores(List<Double> attention, List<Double> feedForward) {}

  @Parameters(paramLabel = "DIR", description = Session.CHECKPOINT_HELP)
  private String folder;

  @Mixin private MethodOptions method;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "Where the scores go, as JSON.")
  private Path out;

  ScoreCommand(Terminal terminal, WorkbenchFactory factory) {
    super(terminal, factory);
  }

  @Override
  void check() {
    method.check();
    JsonOutput.requireWritable(out);
  }

  @Override
  void run(Session session) {
    MethodDescription known = method.describe(session.workbench().methods());
    OpenedCheckpoint opened = session.open(folder);
    Analysis analysis =
        session.await(
            session.workbench().analyse(opened, method.request(known, opened, options().seed())));
    Scores scores = scores(analysis);
    JsonOutput.write(out, scores);
    session.print(
        "Scores of "
            + Units.count(analysis.checkpoint().model().units())
            + " units ("
            + scores.statistic()
            + ") are in "
            + out);
    session.result(scores);
  }

  private static Scores scores(Analysis analysis) {
    ImportanceMap importance = analysis.importance();
    List<BlockScores> blocks = new ArrayList<>();
    for (int b = 0; b < importance.blocks(); b++) {
      blocks.add(
          new BlockScores(
              boxed(importance.scores(SubLayer.attention(b))),
              boxed(importance.scores(SubLayer.feedForward(b)))));
    }
    return new Scores(
        analysis.checkpoint().name(),
        analysis.request().method(),
        analysis.request().parameters(),
        importance.statistic(),
        analysis.calibration(),
        blocks,
        analysis
            .hidden()
            .map(hidden -> new Stream(hidden.statistic(), boxed(hidden.scores())))
            .orElse(null));
  }

  private static List<Double> boxed(double[] scores) {
    return Arrays.stream(scores).boxed().toList();
  }
}
