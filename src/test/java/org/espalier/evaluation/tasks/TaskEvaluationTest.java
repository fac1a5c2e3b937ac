package org.espalier.evaluation.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.corpus.Tokenizer;
import org.espalier.task.Progress;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.Decoder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole tasks against the LM Evaluation Harness 0.4.13 on real data, where it lies beside us. */
class TaskEvaluationTest {
  private static final Path SHARED =
      Path.of(System.getenv().getOrDefault("ESPALIER_SHARED", "../shared"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arc_easy",
        "arc_challenge",
        "piqa",
        "hellaswag",
        "winogrande",
        "boolq",
        "openbookqa"
      })
  void the_first_items_are_answered_as_by_the_harness(String name) throws IOException {
    Path model = SHARED.resolve("data/models/stories260K");
    assumeThat(model).as("public data beside the repository").exists();
    // The public file of HellaSwag holds the joined context only, which has a value of its own.
    JsonNode golden =
        new ObjectMapper()
            .readTree(SHARED.resolve("golden/evaluation/lm-eval-stories260K.json").toFile())
            .path("tasks")
            .path(name.equals("hellaswag") ? "hellaswag_rawctx" : name);
    TaskDefinition task = TaskCatalogue.standard().named(name);
    int limit = 24;
    try (Checkpoint checkpoint = Checkpoint.open(model);
        Decoder decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.RESIDENT);
        Tokenizer tokenizer = Tokenizer.open(model)) {
      TaskFolder.Found found = new TaskFolder(SHARED.resolve("data/tasks")).require(task);
      TaskEvaluation evaluation =
          TaskEvaluation.prepare(found, decoder, tokenizer, TokenisationProfile.HCUR, limit);

      TaskResult result = evaluation.run(List.of(), items -> {}, point -> {}, Progress.SILENT);

      assertThat(result.items()).hasSize(limit);
      for (int i = 0; i < limit; i++) {
        JsonNode expected = golden.path("all_loglikelihoods").path(i);
        List<Double> likelihoods = result.items().get(i).logLikelihoods();
        assertThat(likelihoods).as("item %d", i).hasSize(expected.size());
        for (int choice = 0; choice < expected.size(); choice++) {
          assertThat(likelihoods.get(choice))
              .as("item %d, choice %d", i, choice)
              .isCloseTo(expected.path(choice).asDouble(), within(1e-4));
        }
        assertThat(result.items().get(i).scores().get("acc"))
            .isEqualTo(golden.path("per_doc_acc").path(i).asDouble());
        JsonNode normalised = golden.path("per_doc_acc_norm").path(i);
        if (task.metrics().contains("acc_norm")) {
          assertThat(result.items().get(i).scores().get("acc_norm"))
              .isEqualTo(normalised.asDouble());
        }
      }
    }
  }
}
