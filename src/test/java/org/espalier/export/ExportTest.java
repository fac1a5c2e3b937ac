package org.espalier.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.checkpoint.CheckpointException;
import org.espalier.checkpoint.DType;
import org.espalier.pruning.CutBlocks;
import org.espalier.pruning.Plan;
import org.espalier.task.CancelledException;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.SubLayerKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExportTest {
  private static final Path FAMILIES = Path.of("src/test/resources/golden/families");
  private static final int[] TEXT = {5, 17, 99, 3, 250, 31, 8, 120, 64, 2, 77, 13};

  @TempDir Path folder;

  // ---- what is written is the pruned model

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama-mha",
        "llama-gqa-llama3rope",
        "llama-rope-linear",
        "llama-tied-headdim-bias",
        "llama-bf16",
        "llama-sharded",
        "mistral-full",
        "mistral-sliding",
        "qwen2",
        "qwen2-tied"
      })
  void any_widths_go_per_layer(String family) {
    checkRoundTrip(family, TestPlans::anyWidths, PerLayerTarget.NAME, DType.F32, 1e-5f);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama-mha",
        "llama-gqa-llama3rope",
        "mistral-full",
        "mistral-sliding",
        "qwen2",
        "qwen2-tied"
      })
  void equal_widths_and_dropped_blocks_go_stock(String family) {
    checkRoundTrip(family, TestPlans::halfHeadsAndOneBlockLess, StockTarget.NAME, DType.F32, 1e-5f);
  }

  @ParameterizedTest
  @CsvSource({"llama-mha", "llama-tied-headdim-bias", "mistral-full", "qwen2-tied"})
  void compensation_goes_stock_as_llama(String family) throws IOException {
    JsonNode config =
        checkRoundTrip(
            family, TestPlans::halfHeadsWithCompensation, StockTarget.NAME, DType.F32, 1e-5f);

    assertThat(config.get("model_type").textValue()).isEqualTo("llama");
    assertThat(config.get("architectures").get(0).textValue()).isEqualTo("LlamaForCausalLM");
    assertThat(config.get("attention_bias").booleanValue()).isTrue();
    assertThat(config.get("mlp_bias").booleanValue()).isTrue();
    try (Checkpoint exported = Checkpoint.open(folder.resolve("out"))) {
      for (String bias : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
        assertThat(exported.tensors()).containsKey("model.layers.1.self_attn." + bias + ".bias");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"F32,1e-5", "BF16,0.2", "F16,0.02"})
  void weights_are_rounded_to_the_type_of_choice(DType dtype, float tolerance) {
    JsonNode config =
        checkRoundTrip("llama-mha", TestPlans::anyWidths, PerLayerTarget.NAME, dtype, tolerance);

    assertThat(config.get("torch_dtype").textValue())
        .isEqualTo(
            Map.of("F32", "float32", "BF16", "bfloat16", "F16", "float16").get(dtype.name()));
    try (Checkpoint exported = Checkpoint.open(folder.resolve("out"))) {
      assertThat(exported.tensors().values()).allMatch(tensor -> tensor.dtype() == dtype);
    }
  }

  @Test
  void bf16_weights_survive_bit_for_bit() {
    export("llama-bf16", TestPlans::keepAll, StockTarget.NAME, DType.BF16, Progress.SILENT);

    try (Checkpoint source = Checkpoint.open(FAMILIES.resolve("llama-bf16"));
        Checkpoint exported = Checkpoint.open(folder.resolve("out"))) {
      assertThat(exported.tensors()).containsOnlyKeys(source.tensors().keySet());
      source
          .tensors()
          .forEach(
              (name, tensor) -> {
                int bytes = (int) tensor.byteLength();
                assertThat(exported.map(exported.tensor(name), 0, bytes))
                    .isEqualTo(source.map(tensor, 0, bytes));
              });
    }
  }

  @Test
  void an_export_can_be_pruned_and_exported_again() {
    export(
        "qwen2",
        TestPlans::halfHeadsWithCompensation,
        PerLayerTarget.NAME,
        DType.F32,
        Progress.SILENT);
    Path second = folder.resolve("again");

    try (Checkpoint source = Checkpoint.open(folder.resolve("out"));
        Decoder decoder = Decoder.open(source, Device.cpu(), BlockPlacement.STREAMED)) {
      ExportTargets.named(StockTarget.NAME)
          .export(
              new PrunedModel(source, decoder),
              new ExportOptions(WeightFormat.F32, second, false, Map.of()),
              Progress.SILENT);
      assertThat(difference(decoder, second)).isLessThan(1e-5f);
    }
    try (Checkpoint stock = Checkpoint.open(second)) {
      assertThat(stock.configuration().has("auto_map")).isFalse();
      assertThat(stock.configuration().get("model_type").textValue()).isEqualTo("llama");
    }
  }

  @Test
  void zeros_fill_heads_up_beyond_what_was_opened_where_only_that_many_are_accepted() {
    export(
        "llama-mha",
        TestPlans::threeHeadsWithCompensation,
        PerLayerTarget.NAME,
        DType.F32,
        Progress.SILENT);
    Path padded = folder.resolve("padded");

    try (Checkpoint three = Checkpoint.open(folder.resolve("out"));
        Decoder decoder = Decoder.open(three, Device.cpu(), BlockPlacement.STREAMED)) {
      assertThat(decoder.config().shape(0).queryHeads()).isEqualTo(3);
      ExportReport report =
          ExportTargets.named(ZeroPaddedTarget.NAME)
              .export(
                  new PrunedModel(three, decoder),
                  new ExportOptions(WeightFormat.F32, padded, false, Map.of()),
                  Progress.SILENT);
      assertThat(report.note()).contains("4 KV heads");
      assertThat(difference(decoder, padded)).isLessThan(1e-5f);
    }
    try (Checkpoint four = Checkpoint.open(padded)) {
      assertThat(four.configuration().get("num_attention_heads").intValue()).isEqualTo(4);
      assertThat(four.configuration().get("model_type").textValue()).isEqualTo("llama");
    }
  }

  @ParameterizedTest
  @EnumSource(SubLayerKind.class)
  void a_model_without_any_sub_layer_of_a_kind_still_opens(SubLayerKind kind) {
    JsonNode config =
        checkRoundTrip(
            "llama-mha",
            decoder -> TestPlans.without(kind, decoder),
            PerLayerTarget.NAME,
            DType.F32,
            1e-5f);

    assertThat(config.get("num_attention_heads").intValue()).isEqualTo(4);
    assertThat(config.get("intermediate_size").intValue()).isEqualTo(144);
  }

  // ---- the folder as a whole

  @Test
  void companions_and_the_modelling_file_travel_along() throws IOException {
    Path source = copyOf("llama-mha");
    Files.writeString(source.resolve("tokenizer.json"), "{}");
    Files.writeString(source.resolve("LICENSE"), "licence");
    Files.writeString(source.resolve("NOTICE.txt"), "notice");
    Files.writeString(source.resolve("README.md"), "readme");
    Files.writeString(source.resolve("training.log"), "private");

    ExportReport report =
        export(source, TestPlans::anyWidths, PerLayerTarget.NAME, DType.F32, Progress.SILENT);

    assertThat(report.files().stream().map(ExportedFile::name))
        .contains(
            "LICENSE",
            "NOTICE.txt",
            "README.md",
            "config.json",
            "extra.json",
            "model.safetensors",
            "modeling_espalier.py",
            "tokenizer.json")
        .doesNotContain("training.log", "golden.json");
    assertThat(folder.resolve("out/modeling_espalier.py"))
        .content(StandardCharsets.UTF_8)
        .contains("model_type = \"espalier_llama\"");
    assertThat(report.bytes()).isGreaterThan(10_000);
    assertThat(report.files()).allMatch(file -> file.sha256().matches("[0-9a-f]{64}"));
    assertThat(report.proof().largestLogitDifference()).isLessThan(1e-4);
    assertThat(report.loadSnippet())
        .contains("AutoTokenizer.from_pretrained(folder, trust_remote_code=True)")
        .contains("from_pretrained(folder, trust_remote_code=True)")
        .contains(report.folder().toString());
  }

  @Test
  void only_what_differs_is_written_per_layer() {
    JsonNode config =
        checkRoundTrip(
            "llama-mha", TestPlans::lastBlockNarrow, PerLayerTarget.NAME, DType.F32, 1e-5f);

    assertThat(config.get("num_attention_heads").intValue()).isEqualTo(4);
    assertThat(config.get("per_layer_config").properties()).hasSize(1);
    assertThat(config.at("/per_layer_config/2/num_attention_heads").intValue()).isEqualTo(2);
  }

  @Test
  void a_cancel_leaves_nothing() throws IOException {
    assertThatThrownBy(
            () ->
                export(
                    "llama-mha",
                    TestPlans::anyWidths,
                    PerLayerTarget.NAME,
                    DType.F32,
                    (stage, done, total) -> {
                      if (stage.startsWith("Checking")) {
                        throw new CancelledException();
                      }
                    }))
        .isInstanceOf(CancelledException.class);
    try (Stream<Path> entries = Files.list(folder)) {
      assertThat(entries).isEmpty();
    }
  }

  @Test
  void the_source_is_never_overwritten() throws IOException {
    Path source = copyOf("llama-mha");

    assertThatThrownBy(
            () ->
                exportTo(
                    source,
                    source,
                    TestPlans::anyWidths,
                    PerLayerTarget.NAME,
                    DType.F32,
                    Progress.SILENT))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("its own source");
    Checkpoint.open(source).close();
  }

  // ---- what a target cannot hold is said in words

  @Test
  void different_widths_are_refused_by_the_stock_class() {
    assertThat(refusal("llama-mha", TestPlans::lastBlockNarrow))
        .hasValueSatisfying(
            reason ->
                assertThat(reason)
                    .contains("different widths")
                    .contains("block 0: 4 heads")
                    .contains("block 2: 2 heads")
                    .contains("transformers-per-layer"));
  }

  @Test
  void removed_sub_layers_are_refused_by_the_stock_class() {
    assertThat(refusal("llama-mha", TestPlans::withoutFirstAttention))
        .hasValueSatisfying(
            reason -> assertThat(reason).contains("Block 0 has lost its attention"));
  }

  @Test
  void blocks_of_which_only_a_bias_is_left_are_refused_by_the_stock_class() {
    assertThat(refusal("llama-tied-headdim-bias", TestPlans::halfHeadsAndOneBlockLess))
        .hasValueSatisfying(
            reason -> assertThat(reason).contains("Block 1 has lost both sub-layers but not"));
  }

  @Test
  void weights_beyond_half_precision_are_refused_as_f16() throws IOException {
    Path source = copyOf("llama-mha");
    overwriteLastWeight(source.resolve("model.safetensors"), 70_000f);

    assertThatThrownBy(
            () -> export(source, TestPlans::keepAll, StockTarget.NAME, DType.F16, Progress.SILENT))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("F16")
        .hasMessageContaining("BF16 or F32");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void heads_that_do_not_divide_the_hidden_size_go_to_a_class_that_takes_them() {
    JsonNode config =
        checkRoundTrip("llama-mha", TestPlans::threeHeads, StockTarget.NAME, DType.F32, 1e-5f);

    assertThat(config.get("model_type").textValue()).isEqualTo("mistral");
    assertThat(config.get("sliding_window").isNull()).isTrue();
    assertThat(config.get("head_dim").intValue()).isEqualTo(16);
  }

  @Test
  void heads_that_do_not_divide_the_hidden_size_are_refused_with_compensation() {
    assertThat(refusal("llama-mha", TestPlans::threeHeadsWithCompensation))
        .hasValueSatisfying(
            reason ->
                assertThat(reason)
                    .contains("refuses 3 heads")
                    .contains("hidden size 64")
                    .contains("transformers-per-layer"));
  }

  @Test
  void windows_with_compensation_are_refused_by_the_stock_class() {
    assertThat(refusal("mistral-sliding", TestPlans::halfHeadsWithCompensation))
        .hasValueSatisfying(reason -> assertThat(reason).contains("sliding windows"));
  }

  @Test
  void refused_exports_write_nothing() throws IOException {
    assertThatThrownBy(
            () ->
                export(
                    "llama-mha",
                    TestPlans::lastBlockNarrow,
                    StockTarget.NAME,
                    DType.F32,
                    Progress.SILENT))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("different widths");
    try (Stream<Path> entries = Files.list(folder)) {
      assertThat(entries).isEmpty();
    }
  }

  @Test
  void the_most_widely_readable_fitting_target_is_found() {
    assertThat(fitting("llama-mha", TestPlans::keepAll)).isEqualTo(StockTarget.NAME);
    assertThat(fitting("llama-mha", TestPlans::anyWidths)).isEqualTo(PerLayerTarget.NAME);
  }

  @Test
  void unknown_targets_are_named_with_the_known_ones() {
    assertThatThrownBy(() -> ExportTargets.named("onnx"))
        .hasMessageContaining("'onnx'")
        .hasMessageContaining("transformers, transformers-per-layer, llama.cpp");
  }

  // ---- material

  private JsonNode checkRoundTrip(
      String family, TestPlans.Maker maker, String target, DType dtype, float tolerance) {
    export(family, maker, target, dtype, Progress.SILENT);
    Path out = folder.resolve("out");
    float difference =
        with(FAMILIES.resolve(family), maker, (model) -> difference(model.decoder(), out));
    assertThat(difference).as("logits of another text").isLessThanOrEqualTo(tolerance);
    try (Checkpoint exported = Checkpoint.open(out)) {
      return exported.configuration();
    }
  }

  private ExportReport export(
      String family, TestPlans.Maker maker, String target, DType dtype, Progress progress) {
    return export(FAMILIES.resolve(family), maker, target, dtype, progress);
  }

  private ExportReport export(
      Path source, TestPlans.Maker maker, String target, DType dtype, Progress progress) {
    return exportTo(folder.resolve("out"), source, maker, target, dtype, progress);
  }

  private static ExportReport exportTo(
      Path out, Path source, TestPlans.Maker maker, String target, DType dtype, Progress progress) {
    ExportOptions options =
        new ExportOptions(
            WeightFormat.of(dtype),
            out,
            false,
            Map.of("extra.json", "{}".getBytes(StandardCharsets.UTF_8)));
    return with(
        source, maker, model -> ExportTargets.named(target).export(model, options, progress));
  }

  private static Optional<String> refusal(String family, TestPlans.Maker maker) {
    return with(
        FAMILIES.resolve(family),
        maker,
        model ->
            ExportTargets.named(StockTarget.NAME)
                .refusal(ModelOutline.of(model.decoder(), Progress.SILENT)));
  }

  private static String fitting(String family, TestPlans.Maker maker) {
    return with(
        FAMILIES.resolve(family),
        maker,
        model -> ExportTargets.fitting(ModelOutline.of(model.decoder(), Progress.SILENT)).name());
  }

  private interface Use<T> {
    T of(PrunedModel model);
  }

  private static <T> T with(Path source, TestPlans.Maker maker, Use<T> use) {
    try (Checkpoint checkpoint = Checkpoint.open(source);
        Decoder dense = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.STREAMED)) {
      Plan plan = maker.of(dense.config());
      CutBlocks cut = new CutBlocks(dense.blocks(), plan, dense.config().headSize());
      return use.of(new PrunedModel(checkpoint, dense.withBlocks(cut)));
    }
  }

  private static float difference(Decoder model, Path exported) {
    try (Checkpoint checkpoint = Checkpoint.open(exported);
        Decoder decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.STREAMED);
        TorchScope scope = TorchScope.open(Device.cpu())) {
      float[] expected =
          model.logits(model.forward(scope.tokens(TEXT), Progress.SILENT)).toFloatArray();
      float[] actual =
          decoder.logits(decoder.forward(scope.tokens(TEXT), Progress.SILENT)).toFloatArray();
      assertThat(actual).hasSameSizeAs(expected);
      float largest = 0;
      for (int i = 0; i < actual.length; i++) {
        largest = Math.max(largest, Math.abs(actual[i] - expected[i]));
      }
      return largest;
    }
  }

  private static void overwriteLastWeight(Path weights, float value) throws IOException {
    byte[] bytes = Files.readAllBytes(weights);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, value);
    Files.write(weights, bytes);
  }

  private Path copyOf(String family) throws IOException {
    Path copy = Files.createDirectory(folder.resolve("source"));
    try (Stream<Path> files = Files.list(FAMILIES.resolve(family))) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }
}
