package org.espalier.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.checkpoint.CheckpointException;
import org.espalier.checkpoint.FolderWriter;
import org.espalier.pruning.CutBlocks;
import org.espalier.task.CancelledException;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.Decoder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every export target promises, for every family and every kind of plan. */
class ExportContractTest {
  private static final Path FAMILIES = Path.of("src/test/resources/golden/families");
  private static final Map<String, TestPlans.Maker> PLANS = new LinkedHashMap<>();

  static {
    PLANS.put("whole", TestPlans::keepAll);
    PLANS.put("half", TestPlans::halfHeadsAndOneBlockLess);
    PLANS.put("compensated", TestPlans::halfHeadsWithCompensation);
    PLANS.put("any widths", TestPlans::anyWidths);
    PLANS.put("first attention gone", TestPlans::withoutFirstAttention);
  }

  @TempDir Path folder;

  static List<ExportTarget> targets() {
    return ExportTargets.all();
  }

  static Stream<Arguments> targetsAndFamilies() {
    return targets().stream()
        .flatMap(
            target ->
                Stream.of(
                        "llama-gqa-llama3rope",
                        "llama-tied-headdim-bias",
                        "mistral-sliding",
                        "qwen2",
                        "qwen3",
                        "gemma2",
                        "phi3-longrope")
                    .map(family -> Arguments.of(target, family)));
  }

  @ParameterizedTest
  @MethodSource("targetsAndFamilies")
  void what_is_not_refused_is_written_and_proved(ExportTarget target, String family) {
    with(
        family,
        dense ->
            PLANS.forEach(
                (name, plan) -> {
                  PrunedModel model = cut(dense, plan);
                  ModelOutline outline = ModelOutline.of(model.decoder(), Progress.SILENT);
                  Optional<String> refusal = target.refusal(outline);
                  Path out = folder.resolve(name);
                  if (refusal.isPresent()) {
                    assertThat(refusal.get()).as("what to do instead").matches("(?s).+[.]");
                    assertThatThrownBy(() -> export(target, model, out, WeightFormat.F32))
                        .hasMessage(refusal.get());
                    assertThat(out).doesNotExist();
                  } else {
                    ExportReport report = export(target, model, out, WeightFormat.F32);

                    assertThat(report.proof().largestLogitDifference()).isLessThan(1e-4);
                    assertThat(report.proof().sameNextTokens()).isEqualTo(8);
                    assertThat(report.proof().weightError()).isZero();
                    requireManifest(report);
                  }
                }));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void every_format_is_written(ExportTarget target) {
    with(
        "llama-mha",
        dense -> {
          PrunedModel model = cut(dense, TestPlans::halfHeadsAndOneBlockLess);
          for (WeightFormat format : WeightFormat.values()) {
            Path out = folder.resolve(format.name());
            if (target.formats().contains(format)) {
              ExportProof proof = export(target, model, out, format).proof();

              assertThat(proof.weightError() > 0).isEqualTo(format.isQuantised());
              assertThat(proof.largestLogitDifference())
                  .isLessThan(format.isQuantised() ? proof.largestLogit() : 1e-4);
            } else {
              assertThatThrownBy(() -> export(target, model, out, format))
                  .isInstanceOf(EspalierException.class)
                  .hasMessageContaining(target.name())
                  .hasMessageContaining("not as " + format);
            }
          }
        });
  }

  @ParameterizedTest
  @MethodSource("targets")
  void a_folder_is_replaced_only_when_allowed(ExportTarget target) {
    with(
        "llama-mha",
        dense -> {
          PrunedModel model = cut(dense, TestPlans::keepAll);
          Path out = folder.resolve("out");
          export(target, model, out, WeightFormat.F32);
          List<ExportedFile> before = ExportedFile.of(out, Progress.SILENT);

          assertThatThrownBy(() -> export(target, model, out, WeightFormat.F32))
              .isInstanceOf(CheckpointException.class)
              .hasMessageContaining("exists already");
          assertThat(ExportedFile.of(out, Progress.SILENT)).isEqualTo(before);

          ExportOptions replacing = new ExportOptions(target.formats().get(0), out, true, Map.of());
          target.export(model, replacing, Progress.SILENT);
          assertThat(ExportedFile.of(out, Progress.SILENT)).isNotEqualTo(before);
          assertThat(entries()).containsExactly("out");
        });
  }

  @ParameterizedTest
  @MethodSource("targets")
  void a_cancel_at_any_step_leaves_nothing(ExportTarget target) {
    with(
        "llama-mha",
        dense -> {
          PrunedModel model = cut(dense, TestPlans::keepAll);
          model.source().hash(); // only the first export waits for it
          int[] steps = {0};
          ExportOptions options =
              new ExportOptions(WeightFormat.F32, folder.resolve("all"), false, Map.of());
          target.export(model, options, (stage, done, total) -> steps[0]++);
          assertThat(steps[0]).isGreaterThan(8);

          for (int stop = 1; stop < steps[0]; stop += 3) {
            int[] left = {stop};
            Path out = folder.resolve("out");
            assertThatThrownBy(
                    () ->
                        target.export(
                            model,
                            new ExportOptions(WeightFormat.F32, out, false, Map.of()),
                            (stage, done, total) -> {
                              if (--left[0] == 0) {
                                throw new CancelledException();
                              }
                            }))
                .isInstanceOf(CancelledException.class);
            assertThat(entries()).containsExactly("all");
          }
        });
  }

  // ---- material

  private static void requireManifest(ExportReport report) {
    try {
      JsonNode manifest =
          new JsonMapper().readTree(report.folder().resolve(FolderWriter.MANIFEST).toFile());
      assertThat(manifest.get("target").textValue()).isEqualTo(report.target());
      assertThat(manifest.at("/proof/ids")).hasSize(8);
      assertThat(manifest.get("files")).hasSameSizeAs(report.files()).isNotEmpty();
      for (JsonNode file : manifest.get("files")) {
        byte[] bytes = Files.readAllBytes(report.folder().resolve(file.get("name").textValue()));
        assertThat(file.get("bytes").longValue()).isEqualTo(bytes.length);
        assertThat(file.get("sha256").textValue())
            .isEqualTo(
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
      }
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static ExportReport export(
      ExportTarget target, PrunedModel model, Path out, WeightFormat format) {
    return target.export(model, new ExportOptions(format, out, false, Map.of()), Progress.SILENT);
  }

  private List<String> entries() {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private interface Use {
    void of(PrunedModel dense);
  }

  private static void with(String family, Use use) {
    try (Checkpoint checkpoint = Checkpoint.open(FAMILIES.resolve(family));
        Decoder decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.STREAMED)) {
      use.of(new PrunedModel(checkpoint, decoder));
    }
  }

  private static PrunedModel cut(PrunedModel dense, TestPlans.Maker plan) {
    Decoder decoder = dense.decoder();
    CutBlocks blocks =
        new CutBlocks(decoder.blocks(), plan.of(decoder.config()), decoder.config().headSize());
    return new PrunedModel(dense.source(), decoder.withBlocks(blocks));
  }
}
