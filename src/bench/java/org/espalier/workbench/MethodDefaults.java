package org.espalier.workbench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.corpus.TokenWindows;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.recovery.sample.StoryGenerator;
import org.espalier.workspace.Run;

/**
 * Which parameters of a method, or which methods, leave the lowest perplexity on validation text:
 * text that neither calibrates nor evaluates anything else. Prints perplexity over that of the
 * dense model, and the geometric mean over models and targets, best first.
 */
public final class MethodDefaults {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Path SHARED =
      Path.of(Optional.ofNullable(System.getenv("ESPALIER_SHARED")).orElse("../shared/data"));
  private static final List<Double> TARGETS = List.of(0.2, 0.3, 0.5);
  private static final int WINDOWS = 48;
  private static final long VALIDATION_SEED = 4;

  /**
   * A model with its texts.
   *
   * @param folder empty for the sample model
   * @param calibration empty for the sample model's own
   */
  private record Subject(
      String name, Optional<Path> folder, Optional<Path> calibration, Path validation) {}

  /** A method with parameters that differ from its defaults. */
  private record Candidate(String method, Map<String, String> parameters) {}

  private final LocalWorkbench workbench;
  private final List<Candidate> candidates;
  private final List<Double> targets;
  private final Map<Candidate, List<Double>> ratios = new LinkedHashMap<>();

  private MethodDefaults(
      LocalWorkbench workbench, List<Candidate> candidates, List<Double> targets) {
    this.workbench = workbench;
    this.candidates = candidates;
    this.targets = targets;
  }

  /**
   * Takes some minutes; works in a temporary folder.
   *
   * @param arguments flap, obs or te-prune for their parameters, or methods by name, each perhaps
   *     with settings (te-prune;tau=2;gamma=0), separated by commas; then perhaps targets,
   *     separated by commas
   */
  public static void main(String[] arguments) throws Exception {
    String what = arguments.length > 0 ? arguments[0] : "flap";
    List<Double> targets =
        arguments.length > 1
            ? Stream.of(arguments[1].split(",")).map(Double::valueOf).toList()
            : TARGETS;
    List<Candidate> candidates =
        switch (what) {
          case "flap" -> flap();
          case "obs" -> secondOrder();
          case "te-prune" -> transferEntropy();
          default -> Stream.of(what.split(",")).map(MethodDefaults::candidate).toList();
        };
    Path folder = Files.createTempDirectory("method-defaults");
    try (LocalWorkbench workbench = new LocalWorkbench(folder.resolve("workspace"))) {
      MethodDefaults defaults = new MethodDefaults(workbench, candidates, targets);
      List<Subject> subjects = subjects(folder);
      for (Subject subject : subjects) {
        defaults.measure(subject);
      }
      defaults.report(subjects);
    }
  }

  private static List<Subject> subjects(Path folder) throws IOException {
    StoryGenerator stories = new StoryGenerator(VALIDATION_SEED);
    Path unseen =
        Files.writeString(
            folder.resolve("validation.txt"),
            Stream.generate(stories::next).limit(200).collect(Collectors.joining("\n\n")));
    TokenWindows heldOut = TokenWindows.read(GOLDEN.resolve("heldout-windows.json"), 512);
    Path half = folder.resolve("heldout-half.json");
    heldOut.first(heldOut.count() / 2).write(half);
    List<Subject> subjects = new ArrayList<>();
    subjects.add(new Subject("sample", Optional.empty(), Optional.empty(), unseen));
    Path text = SHARED.resolve("text/tinystories-sample.txt");
    if (Files.isRegularFile(text)) {
      String whole = Files.readString(text);
      int middle = whole.indexOf('\n', whole.length() / 2);
      subjects.add(
          new Subject(
              "stories260K",
              Optional.of(SHARED.resolve("models/stories260K")),
              Optional.of(
                  Files.writeString(folder.resolve("first-half.txt"), whole.substring(0, middle))),
              Files.writeString(folder.resolve("second-half.txt"), whole.substring(middle))));
    }
    subjects.add(
        new Subject(
            "tiny-mha",
            Optional.of(GOLDEN.resolve("models/tiny-mha")),
            Optional.of(GOLDEN.resolve("calibration-windows.json")),
            half));
    return subjects;
  }

  private static List<Candidate> secondOrder() {
    List<Candidate> candidates = new ArrayList<>();
    for (String allocation : List.of("global", "uniform")) {
      for (String damping : List.of("0.001", "0.01", "0.1")) {
        candidates.add(new Candidate("obs", Map.of("allocation", allocation, "damping", damping)));
      }
    }
    return candidates;
  }

  /** Every alternative by itself, against the defaults. */
  private static List<Candidate> transferEntropy() {
    return Stream.of(
            "",
            "gamma=0",
            "gamma=0.5",
            "tau=0.5",
            "tau=2",
            "tau=4",
            "metric=IFV",
            "metric=WIFN",
            "metric=wanda",
            "features=later",
            "features=logits",
            "change=signed",
            "law=linear",
            "law=softmax",
            "split=kinds",
            "order=iterative",
            "protectFirst=0;protectLast=0",
            "protectFirst=1;protectLast=0",
            "removeSubLayers=false",
            "pmax=0.8")
        .map(MethodDefaults::parameters)
        .map(parameters -> new Candidate("te-prune", parameters))
        .toList();
  }

  private static Candidate candidate(String text) {
    int end = text.indexOf(';');
    return end < 0
        ? new Candidate(text, Map.of())
        : new Candidate(text.substring(0, end), parameters(text.substring(end + 1)));
  }

  private static Map<String, String> parameters(String text) {
    return text.isEmpty()
        ? Map.of()
        : Stream.of(text.split(";"))
            .map(setting -> setting.split("="))
            .collect(Collectors.toMap(setting -> setting[0], setting -> setting[1]));
  }

  private static List<Candidate> flap() {
    List<Candidate> candidates = new ArrayList<>();
    for (String metric : List.of("WIFV", "IFV", "WIFN")) {
      for (String compensation : List.of("true", "false")) {
        for (String structure : List.of("AL-AM", "UL-UM")) {
          for (String variant : variants(structure)) {
            Map<String, String> parameters = new LinkedHashMap<>();
            parameters.put("metric", metric);
            parameters.put("structure", structure);
            parameters.put("variant", variant);
            parameters.put("compensation", compensation);
            candidates.add(new Candidate("flap", parameters));
          }
        }
      }
    }
    return candidates;
  }

  /** Where sub-layers do not compete, the residual variant is the corrected one. */
  private static List<String> variants(String structure) {
    return structure.equals("AL-AM")
        ? List.of("official", "corrected", "residual")
        : List.of("official", "corrected");
  }

  private void measure(Subject subject) throws Exception {
    OpenedCheckpoint opened = workbench.open(subject.folder(), "cpu").result().get();
    EvaluationRequest validation =
        new EvaluationRequest(Optional.of(subject.validation()), 128, WINDOWS);
    double dense = perplexity(workbench.evaluate(opened, validation, point -> {}));
    for (Candidate candidate : candidates) {
      AnalysisRequest request =
          new AnalysisRequest(
              candidate.method(),
              candidate.parameters(),
              new CalibrationRequest(subject.calibration(), 0, 0, 0));
      Analysis analysis = workbench.analyse(opened, request).result().get();
      for (double target : targets) {
        Run run =
            workbench
                .prune(
                    analysis, new Target(target, RatioDefinition.PRUNABLE), Locks.NONE, "candidate")
                .result()
                .get();
        ratios
            .computeIfAbsent(candidate, added -> new ArrayList<>())
            .add(perplexity(workbench.evaluate(run, "cpu", validation, point -> {})) / dense);
        workbench.delete(run);
      }
    }
    workbench.close(opened);
  }

  private static double perplexity(Job<PerplexityResult> job) throws Exception {
    return job.result().get().perplexity();
  }

  private void report(List<Subject> subjects) {
    System.out.println(
        "geometric mean; at "
            + targets
            + " on "
            + subjects.stream().map(Subject::name).collect(Collectors.joining(", ")));
    ratios.entrySet().stream()
        .sorted((a, b) -> Double.compare(mean(a.getValue()), mean(b.getValue())))
        .forEach(
            entry ->
                System.out.printf(
                    Locale.ROOT,
                    "%.3f; %s %s%n",
                    mean(entry.getValue()),
                    entry.getValue().stream()
                        .map(ratio -> String.format(Locale.ROOT, "%.3f", ratio))
                        .collect(Collectors.joining(" ")),
                    entry.getKey()));
  }

  private static double mean(List<Double> ratios) {
    return Math.exp(ratios.stream().mapToDouble(Math::log).average().orElseThrow());
  }
}
