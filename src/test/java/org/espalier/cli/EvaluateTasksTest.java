package org.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.espalier.workbench.LocalWorkbench;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks on the command line, put to the sample model. */
class EvaluateTasksTest {
  @TempDir Path folder;

  @BeforeEach
  void writeData() throws IOException {
    Files.write(
        folder.resolve("piqa.jsonl"),
        List.of(
            "{\"goal\":\"Eat\",\"choices\":[\"an apple.\",\"qx zz.\"],\"gold\":0}",
            "{\"goal\":\"Run\",\"choices\":[\"zz qx!\",\"to the house.\"],\"gold\":1}",
            "{\"goal\":\"Sit\",\"choices\":[\"on it.\",\"zq.\"],\"gold\":1}"));
    Files.writeString(
        folder.resolve("arc_easy.jsonl"),
        "{\"question\":\"Why?\",\"choices\":[\"a\",\"b\"],\"gold\":7}\n");
    Files.writeString(
        folder.resolve("HumanEval.jsonl"), "{\"task_id\":\"H/0\",\"prompt\":\"def f():\"}\n");
  }

  private CommandRun run(Object... arguments) {
    Path workspace = folder.resolve("workspace");
    return CommandRun.of((named, threads) -> new LocalWorkbench(workspace), arguments);
  }

  @Test
  void a_task_gives_its_numbers_and_on_request_every_item() {
    Path json = folder.resolve("r.json");

    CommandRun run =
        run(
            "evaluate",
            "sample",
            "--tasks",
            "piqa",
            "--data",
            folder,
            "--profile",
            "H40",
            "--limit",
            2,
            "--log-samples",
            "--against",
            "sample",
            "--json",
            json);

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("piqa (piqa.jsonl)", "acc_norm ", "profile H40", "within chance (McNemar, p = 1");
    JsonNode piqa = CommandRun.json(json).path("tasks").path("piqa");
    assertThat(piqa.path("items").asInt()).isEqualTo(2);
    assertThat(piqa.path("acc").asDouble()).isBetween(0.0, 1.0);
    assertThat(piqa.path("acc_norm").isNumber()).isTrue();
    assertThat(piqa.path("stderr")).isEqualTo(piqa.path("acc_norm_stderr"));
    assertThat(piqa.path("samples")).hasSize(2);
    assertThat(piqa.path("samples").path(1).path("logLikelihoods")).hasSize(2);
    assertThat(piqa.path("protocol").path("profile").asText()).isEqualTo("H40");
    assertThat(piqa.path("comparison").path("difference").asDouble()).isZero();
  }

  @Test
  void a_damaged_data_set_is_told_and_the_other_tasks_are_measured() throws IOException {
    Path json = folder.resolve("r.json");
    Path completions = folder.resolve("completions.jsonl");

    CommandRun run =
        run(
            "evaluate",
            "sample",
            "--tasks",
            "arc_easy,piqa,humaneval",
            "--data",
            folder,
            "--completions",
            completions,
            "--json",
            json);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains(
            "arc_easy failed: ", "arc_easy.jsonl, line 1: the answer index 7 is out of range");
    assertThat(run.complaints())
        .containsExactly("espalier: 1 of 3 tasks failed; the others are measured.");
    JsonNode result = CommandRun.json(json);
    assertThat(result.path("tasks").path("piqa").path("items").asInt()).isEqualTo(3);
    assertThat(result.path("failedTasks").path("arc_easy").asText()).contains("out of range");
    assertThat(Files.readAllLines(completions))
        .singleElement()
        .asString()
        .startsWith("{\"task_id\":\"H/0\",\"completion\":");
  }

  @Test
  void a_text_that_is_missing_does_not_stop_the_tasks() {
    Path json = folder.resolve("r.json");

    CommandRun run =
        run(
            "evaluate",
            "sample",
            "--text",
            folder.resolve("no.txt"),
            "--tasks",
            "piqa",
            "--data",
            folder,
            "--json",
            json);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.complaints())
        .containsExactly("espalier: perplexity failed; the rest is measured.");
    assertThat(run.err()).contains("perplexity failed: ", "no.txt");
    JsonNode result = CommandRun.json(json);
    assertThat(result.path("tasks").path("piqa").path("items").asInt()).isEqualTo(3);
    assertThat(result.path("failed").path("perplexity").asText()).contains("no.txt");
  }

  @Test
  void what_cannot_be_meant_is_told_before_anything_is_opened() {
    assertThat(run("evaluate", "sample", "--tasks", "piqa").status()).isEqualTo(2);
    assertThat(run("evaluate", "sample", "--log-samples").status()).isEqualTo(2);
    assertThat(run("evaluate", "sample", "--window", "long").status()).isEqualTo(2);
    assertThat(run("evaluate", "sample", "--good-enough", "7").status()).isEqualTo(2);
    assertThat(run("evaluate", "sample", "--speed", "--batch", "0").status()).isEqualTo(2);
    CommandRun profile =
        run("evaluate", "sample", "--tasks", "piqa", "--data", folder, "--profile", "H9");
    assertThat(profile.complaints())
        .containsExactly("espalier: There is no tokenisation profile H9; choose H3, H40 or HCUR.");
  }
}
