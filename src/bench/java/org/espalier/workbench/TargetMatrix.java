package org.espalier.workbench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.export.WeightFormat;
import org.espalier.export.llamacpp.LlamaCpp;
import org.espalier.task.EspalierException;
import org.espalier.workspace.Run;
import org.opentest4j.TestAbortedException;

/**
 * Exports a model to every target: dense, pruned to equal widths and pruned to widths per block.
 * Every export is proved as it is written; then it is continued from a prompt by this program where
 * it opens it, by llama.cpp where its library can be loaded, and by Transformers where {@code
 * ESPALIER_PYTHON} names a Python that has it, and held against what the run itself writes.
 */
public final class TargetMatrix {
  private static final double RATIO = 0.3;
  private static final int TOKENS = 24;
  private static final int CONTEXT = 128;
  private static final String PROMPT = "Once upon a time there was a";

  private static final String PYTHON =
      """
      import json, sys, torch
      from transformers import AutoModelForCausalLM, AutoTokenizer, __version__
      texts = []
      for folder in sys.argv[3:]:
          model = AutoModelForCausalLM.from_pretrained(
              folder, trust_remote_code=True, dtype=torch.float32)
          tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=True)
          ids = tokenizer(sys.argv[1], return_tensors="pt").input_ids
          out = model.generate(ids, max_new_tokens=%d, do_sample=False)
          texts.append(tokenizer.decode(out[0, ids.shape[1]:], skip_special_tokens=True))
      json.dump({"version": __version__, "texts": texts}, open(sys.argv[2], "w"))
      """
          .formatted(TOKENS);

  /** A row of the table. */
  private static final class Row {
    final String target;
    final String model;
    final String expected;
    ExportSummary summary;
    String refusal = "";
    String here = "";
    String elsewhere = "";

    Row(String target, String model, String expected) {
      this.target = target;
      this.model = model;
      this.expected = expected;
    }

    String line() {
      return summary == null
          ? "| " + target + " | " + model + " | refused | | | |"
          : String.format(
              Locale.ROOT,
              "| %s | %s | %,d | %.1e | %s | %s |",
              target,
              model,
              summary.bytes(),
              summary.proof().largestLogitDifference(),
              here,
              elsewhere);
    }
  }

  private final LocalWorkbench workbench;
  private final Path folder;
  private final List<Row> rows = new ArrayList<>();

  private TargetMatrix(LocalWorkbench workbench, Path folder) {
    this.workbench = workbench;
    this.folder = folder;
  }

  /**
   * Works in a temporary folder.
   *
   * @param arguments "sample", or a checkpoint's folder and a calibration text
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("target-matrix");
    try (LocalWorkbench workbench = new LocalWorkbench(folder.resolve("workspace"))) {
      boolean sample = arguments.length == 0 || arguments[0].equals("sample");
      new TargetMatrix(workbench, folder)
          .measure(
              sample ? Optional.empty() : Optional.of(Path.of(arguments[0]).toAbsolutePath()),
              sample ? Optional.empty() : Optional.of(Path.of(arguments[1]).toAbsolutePath()));
    }
  }

  private void measure(Optional<Path> checkpoint, Optional<Path> calibration) throws Exception {
    OpenedCheckpoint dense = await(workbench.open(checkpoint, "cpu"));
    Analysis free =
        await(
            workbench.analyse(
                dense,
                new AnalysisRequest(
                    "flap", Map.of(), new CalibrationRequest(calibration, 0, 0, 0))));
    Analysis equal = workbench.constrain(free, new Destination("transformers", 1));
    Map<String, Run> runs = new LinkedHashMap<>();
    runs.put("dense", prune(free, 0, "dense"));
    runs.put("30 % uniform", prune(equal, RATIO, "uniform"));
    runs.put("30 % per-layer", prune(free, RATIO, "per-layer"));
    for (Map.Entry<String, Run> run : runs.entrySet()) {
      System.out.println(
          run.getKey()
              + ": head groups "
              + run.getValue().allocation().keptHeadGroups()
              + ", channels "
              + run.getValue().allocation().keptChannels());
      String text = continued(run.getValue().folder());
      for (ExportTargetDescription target : workbench.exportTargets()) {
        rows.add(exported(target, run.getKey(), run.getValue(), text));
      }
    }
    askLlamaCpp();
    askTransformers();

    System.out.println("\n" + dense.name());
    System.out.println("| target | model | bytes | largest logit difference | here | elsewhere |");
    System.out.println("|---|---|---|---|---|---|");
    rows.forEach(row -> System.out.println(row.line()));
    rows.stream()
        .filter(row -> row.summary == null)
        .forEach(row -> System.out.println(row.target + ", " + row.model + ": " + row.refusal));
    printFormats(runs.get("30 % per-layer"));
  }

  private Run prune(Analysis analysis, double ratio, String name) throws Exception {
    return await(
        workbench.prune(analysis, new Target(ratio, RatioDefinition.PRUNABLE), Locks.NONE, name));
  }

  private Row exported(ExportTargetDescription target, String model, Run run, String text)
      throws Exception {
    Row row = new Row(target.name(), model, text);
    try {
      row.summary = export(run, target.name(), WeightFormat.F32);
    } catch (EspalierException refused) {
      row.refusal = refused.getMessage();
      return row;
    }
    row.here =
        row.summary.isCheckpoint()
            ? verdict(continued(row.summary.folder()), text)
            : "tensors compared: " + row.summary.proof().comparedTensors();
    return row;
  }

  private ExportSummary export(Run run, String target, WeightFormat format) throws Exception {
    Path out = folder.resolve(run.name() + "-" + target + "-" + format);
    return await(workbench.export(run, new ExportRequest(target, format, out, false)));
  }

  private String continued(Path model) throws Exception {
    OpenedCheckpoint opened = await(workbench.open(Optional.of(model), "cpu"));
    try {
      return await(
          workbench.generate(opened, new GenerationRequest(PROMPT, TOKENS, 0, 0, 0), piece -> {}));
    } finally {
      workbench.close(opened);
    }
  }

  private static String verdict(String text, String expected) {
    return text.strip().equals(expected.strip()) ? "same text" : "OTHER TEXT: " + text.strip();
  }

  private void askLlamaCpp() {
    List<Row> files =
        rows.stream().filter(row -> row.summary != null && !row.summary.isCheckpoint()).toList();
    List<LlamaCpp.Question> questions =
        files.stream()
            .map(row -> new LlamaCpp.Question(gguf(row.summary), PROMPT, TOKENS, CONTEXT))
            .toList();
    try {
      List<LlamaCpp.Answer> answers = LlamaCpp.ask(folder, questions);
      for (int i = 0; i < files.size(); i++) {
        Row row = files.get(i);
        row.elsewhere = "llama.cpp: " + verdict(answers.get(i).text(), row.expected);
      }
    } catch (TestAbortedException cannotLoad) {
      files.forEach(row -> row.elsewhere = "llama.cpp cannot be loaded here");
    }
  }

  private static Path gguf(ExportSummary summary) {
    try (var files = Files.list(summary.folder())) {
      return files.filter(file -> file.toString().endsWith(".gguf")).findFirst().orElseThrow();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void askTransformers() throws IOException, InterruptedException {
    String python = System.getenv("ESPALIER_PYTHON");
    List<Row> folders =
        rows.stream().filter(row -> row.summary != null && row.summary.isCheckpoint()).toList();
    if (python == null) {
      folders.forEach(row -> row.elsewhere = "Transformers not asked");
      return;
    }
    Path answers = folder.resolve("transformers.json");
    List<String> command = new ArrayList<>(List.of(python, "-c", PYTHON, PROMPT));
    command.add(answers.toString());
    folders.forEach(row -> command.add(row.summary.folder().toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("HF_HOME", folder.resolve("cache").toString());
    builder.environment().put("HF_HUB_OFFLINE", "1");
    if (builder.start().waitFor() != 0) {
      throw new IllegalStateException("Transformers failed; see above");
    }
    JsonNode told = new JsonMapper().readTree(answers.toFile());
    for (int i = 0; i < folders.size(); i++) {
      Row row = folders.get(i);
      row.elsewhere =
          "Transformers "
              + told.get("version").textValue()
              + ": "
              + verdict(told.get("texts").get(i).textValue(), row.expected);
    }
  }

  /** What rounding does to the run with widths per block. */
  private void printFormats(Run run) throws Exception {
    System.out.println("\n| llama.cpp, 30 % per-layer | bytes | weights changed | logits | next |");
    System.out.println("|---|---|---|---|---|");
    for (WeightFormat format : WeightFormat.values()) {
      ExportSummary summary =
          Files.exists(folder.resolve(run.name() + "-llama.cpp-" + format))
              ? rows.stream()
                  .filter(row -> row.target.equals("llama.cpp"))
                  .filter(row -> row.model.equals("30 % per-layer"))
                  .findFirst()
                  .orElseThrow()
                  .summary
              : export(run, "llama.cpp", format);
      System.out.printf(
          Locale.ROOT,
          "| %s | %,d | %.2f %% | %.1e of %.1f | %d of %d |%n",
          format,
          summary.bytes(),
          100 * summary.proof().weightError(),
          summary.proof().largestLogitDifference(),
          summary.proof().largestLogit(),
          summary.proof().sameNextTokens(),
          summary.proof().ids().size());
    }
  }

  private static <T> T await(Job<T> job) throws InterruptedException {
    try {
      return job.result().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
