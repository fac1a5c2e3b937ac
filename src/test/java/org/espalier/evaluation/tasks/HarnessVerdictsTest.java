package org.espalier.evaluation.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Free answers are judged as the LM Evaluation Harness 0.4.13 judges them. */
class HarnessVerdictsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/harness");

  private final ObjectMapper json = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void answers_follow_the_same_instructions() throws IOException {
    JsonNode golden = json.readTree(GOLDEN.resolve("ifeval.json").toFile());

    for (JsonNode verdict : golden.path("verdicts")) {
      String instruction = verdict.path("instruction").asText();
      List<String> follow = new ArrayList<>();
      for (JsonNode answer : golden.path("answers")) {
        if (!answer.asText().isBlank()
            && InstructionRules.follows(instruction, verdict.path("arguments"), answer.asText())) {
          follow.add(answer.asText());
        }
      }
      assertThat(follow)
          .as("%s %s", instruction, verdict.path("arguments"))
          .containsExactlyElementsOf(texts(verdict.path("followedBy")));
    }
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  @Test
  void numbers_are_read_the_same_out_of_worked_answers() throws IOException {
    TaskDefinition task = TaskCatalogue.standard().named("gsm8k");
    JsonNode golden = json.readTree(GOLDEN.resolve("gsm8k.json").toFile());
    assertThat(golden).isNotEmpty();

    for (JsonNode verdict : golden) {
      Path file =
          Files.writeString(
              folder.resolve("gsm8k.jsonl"),
              json.writeValueAsString(
                  Map.of("question", "How much?", "answer", verdict.path("solution").asText())));
      assertThat(
              new NumberJudge()
                  .scores(TaskDocument.read(task, file, 0).get(0), verdict.path("answer").asText()))
          .as("%s", verdict)
          .isEqualTo(
              Map.of(
                  "exact_match",
                  verdict.path("strict").asDouble(),
                  "exact_match_flexible",
                  verdict.path("flexible").asDouble()));
    }
  }
}
