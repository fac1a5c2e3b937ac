package org.espalier.recovery.sample;

import ai.djl.Device;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.espalier.checkpoint.CheckpointWriter;
import org.espalier.corpus.TokenWindows;
import org.espalier.corpus.Tokenizer;
import org.espalier.recovery.LearningRate;
import org.espalier.recovery.Trainer;
import org.espalier.task.Progress;
import org.espalier.torch.TorchRuntime;
import org.espalier.torch.TorchScope;

/**
 * Makes the sample model from nothing: stories, tokenizer, weights. Everything is seeded, so a
 * second training on the same machine with one thread gives the same files.
 */
public final class SampleTraining {
  static final int VOCABULARY = 1536;
  private static final int POSITIONS = 256;
  private static final int TOKENIZER_STORIES = 6_000;
  private static final int TRAINING_STORIES = 40_000;
  private static final int CALIBRATION_STORIES = 500;
  private static final int EVALUATION_STORIES = 500;
  private static final int ROWS = 4;
  private static final long SEED = 7;
  private static final int SAVE_EVERY = 400;
  private static final int REPORT_EVERY = 50;
  private static final int CHECK_WINDOWS = 32;
  private static final ObjectWriter JSON = new ObjectMapper().writerWithDefaultPrettyPrinter();

  private final Path target;
  private final int steps;
  private final PrintStream report;

  private SampleTraining(Path target, int steps, PrintStream report) {
    this.target = target;
    this.steps = steps;
    this.report = report;
  }

  /**
   * Trains and writes.
   *
   * @param arguments the folder to write, and the number of steps
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 2) {
      System.err.println("usage: SampleTraining FOLDER STEPS");
      System.exit(2);
    }
    TorchRuntime.stayOffline();
    new SampleTraining(Path.of(arguments[0]), Integer.parseInt(arguments[1]), System.out).run();
  }

  private void run() throws IOException {
    Path parent = Files.createDirectories(target.toAbsolutePath().getParent());
    Path tokenizerFolder = Files.createTempDirectory(parent, "tokenizer");
    report.println("learning the tokenizer");
    StoryGenerator stories = SampleText.TRAINING.stories();
    ObjectNode tokenizerFile =
        BytePairTrainer.train(
            Stream.generate(stories::next).limit(TOKENIZER_STORIES).toList(), VOCABULARY);
    Files.write(tokenizerFolder.resolve("tokenizer.json"), json(tokenizerFile));
    TorchRuntime.shared().awaitReady();
    try (Tokenizer tokenizer = Tokenizer.open(tokenizerFolder)) {
      train(tokenizer, tokenizerFile);
    } finally {
      Files.delete(tokenizerFolder.resolve("tokenizer.json"));
      Files.delete(tokenizerFolder);
    }
  }

  private void train(Tokenizer tokenizer, ObjectNode tokenizerFile) {
    TrainingText text =
        new TrainingText(tokenizer, SampleText.TRAINING.stories(), TRAINING_STORIES, SEED);
    int[][] heldOut = heldOut(tokenizer);
    SampleShape shape = new SampleShape(192, 8, 8, 4, 512, VOCABULARY, POSITIONS);
    Trainer trainer =
        new Trainer(new LearningRate(steps, 100, 3e-3, 1e-4, LearningRate.Decay.COSINE), 0.1, 1.0);
    report.printf(
        "%d parameters, %d training tokens, %d steps of %d x %d%n",
        shape.parameters(), text.tokens(), steps, ROWS, POSITIONS);
    long start = System.nanoTime();
    try (SampleDecoder decoder = new SampleDecoder(shape, Device.cpu(), SEED)) {
      trainer.train(
          decoder.weights(),
          Device.cpu(),
          step -> decoder.loss(text.batch(ROWS, POSITIONS + 1)),
          (step, loss) -> {
            boolean last = step + 1 == steps;
            double seconds = (System.nanoTime() - start) * 1e-9;
            if (last || (step + 1) % REPORT_EVERY == 0) {
              report.printf("step %d, loss %.4f, %.0f s%n", step + 1, loss, seconds);
            }
            if (last || (step + 1) % SAVE_EVERY == 0) {
              double perplexity = perplexity(decoder, heldOut);
              report.printf("step %d, held-out perplexity %.4f%n", step + 1, perplexity);
              ObjectNode protocol = protocol(trainer, step + 1, text.tokens(), perplexity);
              write(decoder, shape, tokenizerFile, protocol);
            }
          });
    }
  }

  private static int[][] heldOut(Tokenizer tokenizer) {
    int[] stream = tokenizer.encodeStream(SampleText.EVALUATION.of(EVALUATION_STORIES));
    TokenWindows windows =
        TokenWindows.cut(stream, POSITIONS, "the evaluation text").first(CHECK_WINDOWS);
    return Stream.iterate(0, i -> i + 1)
        .limit(CHECK_WINDOWS)
        .map(windows::window)
        .toArray(int[][]::new);
  }

  private static double perplexity(SampleDecoder decoder, int[][] windows) {
    try (TorchScope scope = TorchScope.open()) {
      return Math.exp(decoder.loss(windows).getFloat());
    }
  }

  private ObjectNode protocol(Trainer trainer, int step, int tokens, double perplexity) {
    ObjectNode protocol = new ObjectMapper().createObjectNode();
    protocol
        .put("stories", TRAINING_STORIES)
        .put("tokens", tokens)
        .put("vocabulary", VOCABULARY)
        .put("steps", step)
        .put("stepsPlanned", steps)
        .put("windowsPerStep", ROWS)
        .put("windowLength", POSITIONS)
        .put("optimiser", "AdamW, betas 0.9 and 0.95")
        .put("peakRate", trainer.rate().peak())
        .put("finalRate", trainer.rate().floor())
        .put("warmUpSteps", trainer.rate().warmUp())
        .put("weightDecay", trainer.decay())
        .put("gradientNorm", trainer.clip())
        .put("seed", SEED)
        .put("heldOutWindows", CHECK_WINDOWS)
        .put("heldOutPerplexity", Math.round(perplexity * 1e4) / 1e4);
    return protocol;
  }

  private void write(
      SampleDecoder decoder, SampleShape shape, ObjectNode tokenizerFile, ObjectNode protocol) {
    ObjectNode tokenizerSettings =
        new ObjectMapper()
            .createObjectNode()
            .put("tokenizer_class", "PreTrainedTokenizerFast")
            .put("bos_token", BytePairTrainer.BEGIN_TEXT)
            .put("eos_token", BytePairTrainer.END_TEXT)
            .put("add_bos_token", true)
            .put("add_eos_token", false)
            .put("clean_up_tokenization_spaces", false)
            .put("model_max_length", POSITIONS);
    ObjectNode generation =
        new ObjectMapper()
            .createObjectNode()
            .put("bos_token_id", BytePairTrainer.BEGIN)
            .put("eos_token_id", BytePairTrainer.END);
    new CheckpointWriter(target)
        .replacing(true)
        .configuration(shape.configuration())
        .file("tokenizer.json", json(tokenizerFile))
        .file("tokenizer_config.json", json(tokenizerSettings))
        .file("generation_config.json", json(generation))
        .file("training.json", json(protocol))
        .file("calibration.txt", bytes(SampleText.CALIBRATION.of(CALIBRATION_STORIES)))
        .file("evaluation.txt", bytes(SampleText.EVALUATION.of(EVALUATION_STORIES)))
        .write(shape.tensors(), decoder::writeTo, folder -> {}, Progress.SILENT);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] json(ObjectNode node) {
    try {
      return (JSON.writeValueAsString(node) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree in memory is always writable", e);
    }
  }
}
