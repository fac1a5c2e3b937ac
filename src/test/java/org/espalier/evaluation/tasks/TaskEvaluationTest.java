package org.espalier.evaluation.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.corpus.Tokenizer;
import org.espalier.task.Progress;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.Decoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole tasks against the LM Evaluation Harness 0.4.13 on real data, where it lies beside us. */
class TaskEvaluationTest {
  private static final Path SHARED =
      Path.of(System.getenv().getOrDefault("ESPALIER_SHARED", "../shared"));
  private static final Path STORIES = SHARED.resolve("data/models/stories260K");

  private static final Path GOLDEN = Path.of("src/test/resources/golden/harness");
  private static final ObjectMapper JSON = new ObjectMapper();

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
    Path data = data();
    // The public file of HellaSwag holds the joined context only, which has a value of its own.
    JsonNode golden =
        JSON.readTree(SHARED.resolve("golden/evaluation/lm-eval-stories260K.json").toFile())
            .path("tasks")
            .path(name.equals("hellaswag") ? "hellaswag_rawctx" : name);
    List<ItemResult> items = answer(name, data, TokenisationProfile.HCUR, 24);

    assertThat(items).hasSize(24);
    for (int i = 0; i < items.size(); i++) {
      assertEqual(items.get(i), golden.path("all_loglikelihoods").path(i));
      assertThat(items.get(i).scores().get("acc"))
          .isEqualTo(golden.path("per_doc_acc").path(i).asDouble());
      if (TaskCatalogue.standard().named(name).metrics().contains("acc_norm")) {
        assertThat(items.get(i).scores().get("acc_norm"))
            .isEqualTo(golden.path("per_doc_acc_norm").path(i).asDouble());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H3", "H40"})
  void older_harnesses_are_followed_in_how_they_make_tokens(TokenisationProfile profile)
      throws IOException {
    Path data = data();
    JsonNode golden =
        JSON.readTree(GOLDEN.resolve("profiles-stories260K.json").toFile()).path(profile.name());
    assertThat(golden).hasSize(7);

    golden
        .fields()
        .forEachRemaining(
            task -> {
              List<ItemResult> items = answer(task.getKey(), data, profile, task.getValue().size());
              for (int i = 0; i < items.size(); i++) {
                assertEqual(items.get(i), task.getValue().path(i));
              }
            });
  }

  @Test
  void five_answered_examples_stand_before_a_question_of_mmlu(@TempDir Path folder)
      throws IOException {
    Path data = data();
    JsonNode golden = JSON.readTree(GOLDEN.resolve("mmlu-stories260K.json").toFile());
    Files.copy(data.resolve("mmlu_dev.jsonl"), folder.resolve("mmlu_dev.jsonl"));
    List<JsonNode> expected = new ArrayList<>();
    List<String> questions = new ArrayList<>();
    for (Iterator<String> subjects = golden.fieldNames(); subjects.hasNext(); ) {
      String subject = subjects.next();
      golden.path(subject).forEach(expected::add);
      Files.readAllLines(data.resolve("mmlu_validation.jsonl")).stream()
          .filter(line -> line.contains("\"" + subject + "\""))
          .limit(golden.path(subject).size())
          .forEach(questions::add);
    }
    Files.write(folder.resolve("mmlu_validation.jsonl"), questions);

    List<ItemResult> items = answer("mmlu", folder, TokenisationProfile.HCUR, 0);

    assertThat(items).hasSameSizeAs(expected).hasSizeGreaterThan(8);
    for (int i = 0; i < items.size(); i++) {
      assertEqual(items.get(i), expected.get(i));
    }
  }

  private static Path data() {
    assumeThat(STORIES).as("public data beside the repository").exists();
    return SHARED.resolve("data/tasks");
  }

  private static List<ItemResult> answer(
      String name, Path data, TokenisationProfile profile, int limit) {
    try (Checkpoint checkpoint = Checkpoint.open(STORIES);
        Decoder decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.RESIDENT);
        Tokenizer tokenizer = Tokenizer.open(STORIES)) {
      TaskFolder.Found found = new TaskFolder(data).require(TaskCatalogue.standard().named(name));
      return TaskEvaluation.prepare(found, decoder, tokenizer, profile, limit)
          .run(List.of(), items -> {}, point -> {}, Progress.SILENT)
          .items();
    }
  }

  private static void assertEqual(ItemResult item, JsonNode expected) {
    assertThat(item.logLikelihoods()).as("item %d", item.item()).hasSize(expected.size());
    for (int choice = 0; choice < expected.size(); choice++) {
      assertThat(item.logLikelihoods().get(choice))
          .as("item %d, choice %d", item.item(), choice)
          .isCloseTo(expected.path(choice).asDouble(), within(1e-4));
    }
  }
}
