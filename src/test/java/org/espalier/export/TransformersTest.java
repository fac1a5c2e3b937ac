package org.espalier.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.pruning.CutBlocks;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.Decoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Opens exports of every kind with the real Transformers library. Runs where the environment
 * variable ESPALIER_PYTHON names a Python that has torch and transformers.
 */
class TransformersTest {
  private static final Path FAMILIES = Path.of("src/test/resources/golden/families");
  private static final Path SCRIPT =
      Path.of("src/test/resources/export/compare_with_transformers.py");

  /** Longer than all windows, and long enough that its continuation passes 32 positions. */
  private static final int[] TEXT = {
    5, 17, 99, 3, 250, 31, 8, 120, 64, 2, 77, 13, 1, 44, 200, 90, 7, 33, 141, 66, 12, 250, 19, 88,
    4, 101, 230, 56, 9, 180
  };

  @TempDir Path folder;

  @Test
  void exports_give_the_same_logits_and_generate_there(TestReporter reporter) throws Exception {
    String python = System.getenv("ESPALIER_PYTHON");
    assumeTrue(python != null, "set ESPALIER_PYTHON to a Python with torch and transformers");
    Map<String, TestPlans.Maker> plans = new LinkedHashMap<>();
    plans.put("whole", TestPlans::keepAll);
    plans.put("any-widths", TestPlans::anyWidths);
    plans.put("half", TestPlans::halfHeadsAndOneBlockLess);
    plans.put("compensated", TestPlans::halfHeadsWithCompensation);
    List<String> command = new ArrayList<>(List.of(python, SCRIPT.toAbsolutePath().toString()));
    for (String family :
        List.of(
            "llama-gqa-llama3rope",
            "llama-rope-linear",
            "llama-tied-headdim-bias",
            "mistral-full",
            "mistral-sliding",
            "qwen2",
            "qwen2-tied",
            "qwen2-sliding",
            "llama-yarn",
            "qwen3",
            "phi3",
            "phi3-longrope",
            "gemma2",
            "gemma3")) {
      for (Map.Entry<String, TestPlans.Maker> plan : plans.entrySet()) {
        for (Path export : exportEverywhere(family, plan.getKey(), plan.getValue())) {
          command.add(export.toString());
        }
      }
    }

    Path log = folder.resolve("python.log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("HF_HOME", folder.resolve("cache").toString());
    builder.environment().put("HF_HUB_OFFLINE", "1");
    Process process = builder.redirectOutput(log.toFile()).start();
    boolean ended = process.waitFor(20, TimeUnit.MINUTES);
    process.destroyForcibly();

    assertThat(ended).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    reporter.publishEntry("compared", Files.readString(log));
  }

  private List<Path> exportEverywhere(String family, String planName, TestPlans.Maker maker)
      throws IOException {
    List<Path> exports = new ArrayList<>();
    try (Checkpoint checkpoint = Checkpoint.open(FAMILIES.resolve(family));
        Decoder dense = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.STREAMED)) {
      CutBlocks cut =
          new CutBlocks(dense.blocks(), maker.of(dense.config()), dense.config().headSize());
      PrunedModel model = new PrunedModel(checkpoint, dense.withBlocks(cut));
      byte[] probe = probe(model.decoder());
      ModelOutline outline = ModelOutline.of(model.decoder(), Progress.SILENT);
      for (ExportTarget target : ExportTargets.all()) {
        if (target.refusal(outline).isEmpty()) {
          Path out = folder.resolve(family + "-" + planName + "-" + target.name());
          ExportOptions options =
              new ExportOptions(WeightFormat.F32, out, false, Map.of("probe.json", probe));
          ExportReport report = target.export(model, options, Progress.SILENT);
          // Other folders are for other programs.
          if (report.loadSnippet().contains("AutoModelForCausalLM")) {
            exports.add(out);
          }
        }
      }
    }
    assertThat(exports).as("a folder for each target that Transformers opens").isNotEmpty();
    return exports;
  }

  private static byte[] probe(Decoder decoder) throws IOException {
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      float[] logits =
          decoder.logits(decoder.forward(scope.tokens(TEXT), Progress.SILENT)).toFloatArray();
      return new JsonMapper()
          .writeValueAsString(Map.of("ids", TEXT, "logits", logits))
          .getBytes(StandardCharsets.UTF_8);
    }
  }
}
