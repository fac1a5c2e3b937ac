package org.espalier.export;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.corpus.SampleModel;
import org.espalier.corpus.Tokenizer;
import org.espalier.export.gguf.GgufFile;
import org.espalier.export.llamacpp.LlamaCpp;
import org.espalier.pruning.CutBlocks;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.Generator;
import org.espalier.transformer.Sampling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens GGUF files of every kind with a real llama.cpp and holds it against this program. */
class LlamaCppTest {
  private static final Path FAMILIES = Path.of("src/test/resources/golden/families");
  private static final Path BYTES = Path.of("src/test/resources/export/bytes-tokenizer.json");
  private static final int CONTEXT = 128;

  /** Of a direction of length 1; llama.cpp sums in another order. */
  private static final double TOLERANCE = 1e-4;

  @TempDir Path folder;

  private final Map<String, LlamaCpp.Question> questions = new LinkedHashMap<>();
  private final Map<String, Expectation> expectations = new LinkedHashMap<>();

  private record Expectation(int[] ids, String text, float[] direction) {}

  @Test
  void the_sample_model_says_the_same_there() {
    Path sample = SampleModel.unpack(folder).folder();
    String prompt = "Mia had a red lantern.\n  It wasn't 12 years old; she loved";
    ask(sample, "dense", TestPlans::keepAll, WeightFormat.F32, prompt, 24);
    ask(sample, "uniform", TestPlans::halfHeadsWithCompensation, WeightFormat.F32, prompt, 24);
    ask(sample, "per-layer", TestPlans::anyWidths, WeightFormat.F32, prompt, 24);
    ask(sample, "no attention", TestPlans::withoutFirstAttention, WeightFormat.F32, prompt, 24);

    compareAll();

    assertThat(architecture("uniform")).isEqualTo("llama");
    assertThat(architecture("per-layer")).isEqualTo("deci");
  }

  @Test
  void every_format_is_read_there() {
    Path sample = SampleModel.unpack(folder).folder();
    for (WeightFormat format : new GgufTarget().formats()) {
      ask(sample, format.name(), TestPlans::keepAll, format, "Once upon a time", 8);
    }

    List<LlamaCpp.Answer> answers = LlamaCpp.ask(folder, List.copyOf(questions.values()));

    int at = 0;
    for (String format : questions.keySet()) {
      double difference =
          difference(answers.get(at++).direction(), expectations.get(format).direction());
      // Matrix products there round activations to the type of the weights.
      double most =
          Map.of("F32", 1e-4, "F16", 2e-3, "BF16", 2e-2, "Q8_0", 2e-2, "Q4_0", 0.3).get(format);
      assertThat(difference).as(format).isLessThan(most);
    }
  }

  @Test
  void rotary_scaling_and_biases_are_understood_there() throws IOException {
    String text = "A longer text, é ü.";
    for (String family : List.of("llama-gqa-llama3rope", "llama-rope-linear", "llama-yarn")) {
      Path source = withByteTokenizer(family);
      ask(source, family + " whole", TestPlans::keepAll, WeightFormat.F32, text, 0);
      ask(source, family + " any", TestPlans::anyWidths, WeightFormat.F32, text, 0);
    }
    Path windowed = withByteTokenizer("mistral-sliding");
    ask(windowed, "mistral", TestPlans::anyWidths, WeightFormat.F32, "Stories", 0);
    // This version reads query biases only as long as the hidden size, so only of all heads.
    Path biased = withByteTokenizer("qwen2");
    ask(biased, "qwen2", TestPlans::keepAll, WeightFormat.F32, text, 0);

    compareAll();
  }

  // ---- material

  private Path withByteTokenizer(String family) throws IOException {
    Path copy = Files.createDirectory(folder.resolve(family));
    try (Stream<Path> files = Files.list(FAMILIES.resolve(family))) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    Files.copy(BYTES, copy.resolve("tokenizer.json"));
    return copy;
  }

  private void ask(
      Path source,
      String name,
      TestPlans.Maker plan,
      WeightFormat format,
      String prompt,
      int tokens) {
    try (Checkpoint checkpoint = Checkpoint.open(source);
        Decoder dense = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.STREAMED);
        Tokenizer tokenizer = Tokenizer.open(source)) {
      Decoder cut =
          dense.withBlocks(
              new CutBlocks(dense.blocks(), plan.of(dense.config()), dense.config().headSize()));
      Path out = folder.resolve(name + " out");
      new GgufTarget()
          .export(
              new PrunedModel(checkpoint, cut),
              new ExportOptions(format, out, false, Map.of()),
              Progress.SILENT);
      int context = Math.min(CONTEXT, GgufLayout.contextLength(dense.config()));
      questions.put(
          name, new LlamaCpp.Question(out.resolve(GgufFolder.FILE), prompt, tokens, context));
      int[] ids = tokenizer.encodeStream(prompt);
      List<Integer> added =
          tokens == 0
              ? List.of()
              : new Generator(cut).generate(ids, tokens, new Sampling.Greedy(), Progress.SILENT);
      expectations.put(
          name,
          new Expectation(
              tokenizer.encode(prompt),
              tokenizer.decode(added.stream().mapToInt(Integer::intValue).toArray()),
              direction(cut, ids)));
    }
  }

  private static float[] direction(Decoder decoder, int[] ids) {
    try (TorchScope scope = TorchScope.open(Device.cpu())) {
      NDArray hidden = decoder.normalise(decoder.forward(scope.tokens(ids), Progress.SILENT));
      NDArray last = hidden.reshape(ids.length, -1).get(ids.length - 1);
      return last.div(last.norm()).toFloatArray();
    }
  }

  private void compareAll() {
    List<LlamaCpp.Answer> answers = LlamaCpp.ask(folder, List.copyOf(questions.values()));
    int at = 0;
    for (String name : questions.keySet()) {
      LlamaCpp.Answer answer = answers.get(at++);
      Expectation expected = expectations.get(name);
      assertThat(answer.ids()).as(name).isEqualTo(Arrays.stream(expected.ids()).boxed().toList());
      assertThat(answer.text()).as(name).isEqualTo(expected.text());
      assertThat(difference(answer.direction(), expected.direction()))
          .as(name)
          .isLessThan(TOLERANCE);
    }
  }

  private static double difference(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double largest = 0;
    for (int i = 0; i < actual.length; i++) {
      largest = Math.max(largest, Math.abs(actual[i] - expected[i]));
    }
    return largest;
  }

  private Object architecture(String name) {
    GgufFile file = GgufFile.open(questions.get(name).model());
    return file.metadata().get("general.architecture").orElseThrow();
  }
}
