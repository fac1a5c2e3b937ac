package org.espalier.export.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real llama.cpp, asked in a process of its own. */
public final class LlamaCpp {
  private LlamaCpp() {}

  /**
   * What to ask.
   *
   * @param tokens how many to add to the prompt by taking the likeliest
   */
  public record Question(Path model, String prompt, int tokens, int context) {}

  /**
   * What it said.
   *
   * @param ids of the prompt, without the one that begins a text
   * @param text the continuation
   * @param direction hidden state of the prompt's last token after the final norm, scaled to length
   *     1
   */
  public record Answer(List<Integer> ids, String text, float[] direction) {}

  /** Asks all questions; the calling test is skipped where the native library cannot be loaded. */
  public static List<Answer> ask(Path folder, List<Question> questions) {
    JsonMapper mapper = new JsonMapper();
    Path asked = folder.resolve("questions.json");
    Path answered = folder.resolve("answers.json");
    Path log = folder.resolve("said.log");
    try {
      mapper.writeValue(
          asked.toFile(),
          questions.stream()
              .map(
                  question ->
                      mapper
                          .createObjectNode()
                          .put("model", question.model().toString())
                          .put("prompt", question.prompt())
                          .put("tokens", question.tokens())
                          .put("context", question.context()))
              .toList());
      // The binding unpacks its library there, and deletes what has a similar name.
      Path unpacked = Files.createDirectories(folder.resolve("native"));
      ProcessBuilder builder =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElse("java"),
                  "-Xmx256m",
                  "-Djava.io.tmpdir=" + unpacked,
                  "-cp",
                  System.getProperty("java.class.path"),
                  LlamaCppProgram.class.getName(),
                  asked.toString(),
                  answered.toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().put("GGML_NO_BACKTRACE", "1");
      Process process = builder.start();
      boolean ended = process.waitFor(3, TimeUnit.MINUTES);
      process.destroyForcibly();
      String said = Files.readString(log);
      assertThat(ended).as(said).isTrue();
      assumeTrue(
          process.exitValue() != LlamaCppProgram.CANNOT_LOAD_NATIVE,
          () -> "llama.cpp cannot be loaded here: " + said);
      assertThat(process.exitValue()).as(said).isZero();
      List<Answer> answers = new ArrayList<>();
      mapper.readTree(answered.toFile()).forEach(answer -> answers.add(answer(answer)));
      assertThat(answers).hasSameSizeAs(questions);
      return answers;
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static Answer answer(JsonNode json) {
    List<Integer> ids = new ArrayList<>();
    json.get("ids").forEach(id -> ids.add(id.intValue()));
    float[] direction = new float[json.get("direction").size()];
    for (int i = 0; i < direction.length; i++) {
      direction[i] = json.get("direction").get(i).floatValue();
    }
    return new Answer(ids, json.get("text").textValue(), direction);
  }
}
