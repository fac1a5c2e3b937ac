package org.espalier.recovery.sample;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.espalier.corpus.TokenWindows;
import org.espalier.torch.TorchRuntime;
import org.espalier.transformer.Decoder;

/**
 * Prints what the sample model reaches on its whole held-out text, against a trigram model of all
 * its training tokens, and after pruning, with greedy continuations to read.
 */
public final class SampleQuality {
  private static final int STORIES = 40_000;
  private static final List<String> PROMPTS =
      List.of(
          "One cold morning",
          "Petra found a brown dog in the barn.",
          "Bruno had nine plums in a basket.",
          "\"Where is my lantern?\" asked Selma.");

  private SampleQuality() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws IOException {
    TorchRuntime.stayOffline();
    PrintStream report = System.out;
    try (SampleMeasurements measurements =
        new SampleMeasurements(Files.createTempDirectory("sample-quality"))) {
      TokenWindows windows = measurements.windows(Integer.MAX_VALUE);
      report.println(windows + ", held out");
      report.printf("trigram  %.3f%n", measurements.trigramPerplexity(STORIES, windows));
      Decoder dense = measurements.decoder();
      report.printf("dense    %.3f%n", measurements.perplexity(dense, windows));
      for (double ratio : new double[] {0.2, 0.3, 0.5}) {
        double flap = measured(measurements, "flap", Map.of(), ratio, windows);
        report.printf("flap %.0f %%  %.3f%n", 100 * ratio, flap);
        for (String seed : List.of("1", "2", "3")) {
          double plain = measured(measurements, "random", Map.of("seed", seed), ratio, windows);
          Map<String, String> repaired = Map.of("seed", seed, "compensation", "true");
          report.printf(
              "random %.0f %%, seed %s  %.3f, with bias compensation %.3f%n",
              100 * ratio, seed, plain, measured(measurements, "random", repaired, ratio, windows));
        }
      }
      for (String prompt : PROMPTS) {
        report.println(prompt + " >>>" + measurements.greedy(dense, prompt, 100));
      }
    }
  }

  private static double measured(
      SampleMeasurements measurements,
      String method,
      Map<String, String> parameters,
      double ratio,
      TokenWindows windows) {
    return measurements.perplexity(measurements.pruned(method, parameters, ratio), windows);
  }
}
