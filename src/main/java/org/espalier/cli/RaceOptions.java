package org.espalier.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.espalier.evaluation.race.RaceResult;
import org.espalier.evaluation.race.RaceStanding;
import org.espalier.task.EspalierException;
import org.espalier.workbench.RaceRequest;
import org.espalier.workspace.Run;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether runs race, and on which text. */
final class RaceOptions {
  @Option(
      names = "--race",
      description =
          "Let the runs read one text window by window in turns until it is decided which of them"
              + " has the lower perplexity. The chance of a wrong verdict is 5 %% for the whole"
              + " race, whenever it stops. A race that was stopped goes on with the same command.")
  private boolean race;

  @Option(names = "--dense", description = "The dense model takes part in the race.")
  private boolean dense;

  @Option(names = "--again", description = "Run the race again where its outcome is known already.")
  private boolean again;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "Folder with the texts of the protocols wikitext2, ptb and c4.")
  private Path data;

  @Mixin private TextOptions text;

  boolean wanted() {
    return race;
  }

  /** Complains about what cannot be meant. */
  void check() {
    text.check();
    if (!race && (dense || again || data != null || text.given())) {
      throw new UsageException("--dense, --again, --data and the text belong to --race; add it");
    }
  }

  /** Runs the race, says how it ended and gives it for machines. */
  Map<String, Object> run(Session session, List<Run> runs, CommonOptions options) {
    if (runs.isEmpty()) {
      throw new EspalierException("A race needs runs; 'prune' makes them.");
    }
    List<RaceRequest.Model> models = new ArrayList<>();
    if (dense) {
      models.add(new RaceRequest.Model("dense", runs.get(0).checkpoint()));
    }
    runs.forEach(run -> models.add(RaceRequest.Model.of(run)));
    AtomicReference<RaceStanding> latest = new AtomicReference<>();
    RaceResult result =
        session.await(
            session
                .workbench()
                .race(
                    new RaceRequest(
                        models,
                        options.device(),
                        text.request(Optional.ofNullable(data), 0, options.seed(), again)),
                    latest::set),
            () -> Optional.ofNullable(latest.get()).map(RaceStanding::verdict).orElse(""));
    RaceStanding end = result.standing();
    session.print(end.verdict());
    end.lines().forEach(line -> session.print("  " + line));
    session.print(result.protocol().description() + ", " + Units.seconds(result.seconds()));
    result.warnings().forEach(warning -> session.warn("Warning: " + warning));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("verdict", end.verdict());
    json.put("decidedAfter", end.decidedAfter());
    json.put("standing", end);
    json.put("protocol", result.protocol());
    json.put("seconds", result.seconds());
    json.put("warnings", result.warnings());
    json.put("negativeLogLikelihoods", result.negativeLogLikelihoods());
    return json;
  }
}
