package org.espalier.ui.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.espalier.evaluation.Protocol;
import org.espalier.evaluation.race.RaceResult;
import org.espalier.evaluation.race.RaceStanding;
import org.espalier.evaluation.race.RaceTally;
import org.espalier.task.Progress;
import org.espalier.workbench.RaceRequest;

/** A race whose models get worse in the order of asking. */
final class FakeRace {
  private static final int WINDOWS = 141;

  private FakeRace() {}

  static RaceResult run(RaceRequest request, Consumer<RaceStanding> onWindow, Progress progress) {
    List<String> names = request.models().stream().map(RaceRequest.Model::name).toList();
    RaceTally tally = new RaceTally(names, WINDOWS, request.error());
    List<List<Double>> losses = new ArrayList<>();
    names.forEach(name -> losses.add(new ArrayList<>()));
    Random random = new Random(5);
    for (int window = 0; !tally.over(); window++) {
      progress.report("Window " + (window + 1) + " of " + WINDOWS, window, WINDOWS);
      double hardness = 0.3 * random.nextGaussian();
      double[] row = new double[names.size()];
      for (int lane = 0; lane < row.length; lane++) {
        row[lane] = 1.9 + hardness + 0.03 * lane + 0.03 * random.nextGaussian();
      }
      for (int lane : tally.racing()) {
        losses.get(lane).add(row[lane]);
      }
      tally.add(row);
      onWindow.accept(tally.standing());
    }
    return new RaceResult(
        names,
        losses,
        request.error(),
        new Protocol(
            "evaluation.txt, windows in random order",
            "da7a",
            128,
            WINDOWS,
            "BOS at the start of the text",
            "float32",
            request.device(),
            request.text().seed()),
        0.4,
        List.of());
  }
}
