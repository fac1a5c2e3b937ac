package org.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.espalier.workbench.LocalWorkbench;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line from end to end, in this JVM, on a small trained model. */
class MainJobTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Path TINY = GOLDEN.resolve("models/tiny-mha");
  private static final Path CALIBRATION = GOLDEN.resolve("calibration-windows.json");
  private static final Path HELD_OUT = GOLDEN.resolve("heldout-windows.json");

  @TempDir Path folder;

  private CommandRun run(Object... arguments) {
    Path workspace = folder.resolve("workspace");
    return CommandRun.of((named, threads) -> new LocalWorkbench(workspace), arguments);
  }

  private CommandRun succeed(Object... arguments) {
    CommandRun run = run(arguments);
    assertThat(run.status()).as(run.err()).isZero();
    return run;
  }

  private JsonNode prune(Path out, Object... more) {
    Path json = folder.resolve("prune.json");
    List<Object> arguments =
        new ArrayList<>(List.of("prune", TINY, "--method", "flap", "--param", "metric=WIFV"));
    arguments.addAll(List.of("--param", "structure=AL-AM", "--param", "variant=official"));
    arguments.addAll(List.of("--calibration", CALIBRATION, "--samples", 64));
    arguments.addAll(List.of("--out", out, "--json", json));
    arguments.addAll(List.of(more));
    succeed(arguments.toArray());
    return CommandRun.json(json);
  }

  private static List<Integer> integers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asInt).toList();
  }

  @Test
  void pruning_and_evaluating_give_the_published_figures() {
    Path pruned = folder.resolve("pruned");
    JsonNode golden = CommandRun.json(GOLDEN.resolve("tiny-mha/flap-WIFV-AL-AM-0.2/result.json"));

    JsonNode result = prune(pruned, "--ratio", 0.2);

    assertThat(integers(result.get("keptHeadGroups")))
        .isEqualTo(integers(golden.get("kept_units")));
    assertThat(integers(result.get("keptChannels")))
        .isEqualTo(integers(golden.get("kept_channels")));
    assertThat(result.get("parameters").get("before").asLong()).isEqualTo(1_318_528);
    assertThat(result.get("parameters").get("after").asLong()).isBetween(1_074_688L, 1_080_000L);
    assertThat(result.get("ratio").get("prunable").asDouble()).isBetween(0.19, 0.22);
    for (String ratio : List.of("unit", "layer", "total")) {
      assertThat(result.get("ratio").get(ratio).asDouble()).isBetween(0.1, 0.3);
    }
    assertThat(result.get("seconds").asDouble()).isPositive();
    assertThat(result.get("peakMemoryBytes").asLong()).isPositive();

    double expected = golden.get("ppl_after").asDouble();
    assertThat(perplexity(pruned)).isCloseTo(expected, within(1e-5 * expected));
    assertThat(perplexity(TINY)).isCloseTo(6.169424533843994, within(6e-5));
    assertThat(succeed("compare", pruned).out())
        .contains("flap", "Perplexity on 256 windows", "6.650");
  }

  private double perplexity(Path model) {
    Path json = folder.resolve("evaluation.json");
    succeed("evaluate", model, "--text", HELD_OUT, "--window", 128, "--json", json);
    JsonNode result = CommandRun.json(json);
    assertThat(result.get("windows").asInt()).isEqualTo(256);
    assertThat(result.get("tokens").asInt()).isEqualTo(256 * 127);
    assertThat(result.get("seconds").asDouble()).isPositive();
    assertThat(result.get("protocol").get("window").asInt()).isEqualTo(128);
    return result.get("perplexity").asDouble();
  }

  @Test
  void locks_hold_and_the_rest_is_solved_to_the_same_ratio() {
    JsonNode result =
        prune(
            folder.resolve("locked"),
            "--ratio",
            0.2,
            "--lock",
            3,
            "--lock",
            "5:attention=0.25",
            "--force");

    assertThat(result.get("keptHeadGroups").get(3).asInt()).isEqualTo(8);
    assertThat(result.get("keptChannels").get(3).asInt()).isEqualTo(344);
    assertThat(result.get("keptHeadGroups").get(5).asInt()).isEqualTo(6);
    assertThat(result.get("ratio").get("prunable").asDouble()).isCloseTo(0.2, within(0.01));
  }

  @Test
  void methods_that_judge_sub_layers_tell_their_scores() {
    Path json = folder.resolve("r.json");
    List<Object> all =
        new ArrayList<>(List.of("prune", TINY, "--method", "te-prune", "--ratio", 0.5));
    all.addAll(List.of("--param", "cost=macs", "--param", "tau=0.9", "--param", "pmax=1"));
    all.addAll(List.of("--calibration", CALIBRATION, "--samples", 8, "--json", json));

    succeed(all.toArray());

    JsonNode result = CommandRun.json(json);
    JsonNode subLayers = result.get("subLayers");
    assertThat(subLayers).hasSize(12);
    assertThat(subLayers.get(7).get("block").asInt()).isEqualTo(3);
    assertThat(subLayers.get(7).get("subLayer").asText()).isEqualTo("feedForward");
    double costs = 0;
    for (JsonNode subLayer : subLayers) {
      assertThat(subLayer.get("score").asDouble()).isPositive();
      costs += subLayer.get("costShare").asDouble();
      boolean attention = subLayer.get("subLayer").asText().equals("attention");
      int kept =
          result
              .get(attention ? "keptHeadGroups" : "keptChannels")
              .get(subLayer.get("block").asInt())
              .asInt();
      assertThat(subLayer.get("ratio").asDouble())
          .isCloseTo(1 - kept / (attention ? 8.0 : 344.0), within(1e-12));
    }
    assertThat(costs).isCloseTo(1, within(1e-9));
    assertThat(result.get("ratio").get("prunable").asDouble()).isCloseTo(0.5, within(0.001));
  }

  @Test
  void a_run_without_a_folder_lives_in_the_workspace() {
    succeed("prune", TINY, "--method", "magnitude", "--ratio", 0.3, "--name", "thin");
    Path json = folder.resolve("r.json");

    succeed("evaluate", "thin", "--text", HELD_OUT, "--max-windows", 8, "--json", json);
    succeed("compare", "thin", "--json", json);

    JsonNode run = CommandRun.json(json).get("runs").get(0);
    assertThat(run.get("name").asText()).isEqualTo("thin");
    assertThat(run.get("perplexities")).hasSize(1);
    assertThat(run.get("perplexities").get(0).get("windows").asInt()).isEqualTo(8);
  }

  @Test
  void the_seed_is_also_the_seed_of_a_random_method() {
    Path json = folder.resolve("r.json");
    succeed("prune", TINY, "--method", "random", "--ratio", 0.3, "--seed", 5, "--json", json);
    assertThat(CommandRun.json(json).get("methodParameters").get("seed").asText()).isEqualTo("5");
  }

  @Test
  void impossible_and_contradicting_wishes_write_nothing() throws IOException {
    Path out = folder.resolve("out");
    for (String lock : List.of("9", "1:attention=1", "1:mouth=0.5", "one")) {
      CommandRun run =
          run("prune", TINY, "--method", "magnitude", "--ratio", 0.2, "--lock", lock, "--out", out);
      assertThat(run.status()).as(lock).isEqualTo(2);
      assertThat(run.complaints()).hasSize(1);
    }
    assertThat(
            run(
                    "prune",
                    TINY,
                    "--method",
                    "magnitude",
                    "--ratio",
                    0.2,
                    "--lock",
                    "1",
                    "--lock",
                    "1:attention=0.5",
                    "--out",
                    out)
                .status())
        .isEqualTo(2);

    List<Object> allLocked =
        new ArrayList<>(
            List.of("prune", TINY, "--method", "magnitude", "--ratio", 0.5, "--out", out));
    for (int block = 0; block < 6; block++) {
      allLocked.addAll(List.of("--lock", block));
    }
    CommandRun infeasible = run(allLocked.toArray());
    assertThat(infeasible.status()).isEqualTo(1);
    assertThat(infeasible.complaints()).hasSize(1);
    assertThat(out).doesNotExist();
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(path -> path.getFileName().toString())).containsExactly("workspace");
    }
  }

  @Test
  void unknown_names_and_missing_texts_are_wrong_usage() {
    assertThat(run("prune", TINY, "--method", "axe", "--ratio", 0.2).status()).isEqualTo(2);
    assertThat(run("prune", TINY, "--param", "x=1", "--ratio", 0.2).complaints())
        .singleElement()
        .asString()
        .contains("x", "metric");
    assertThat(run("prune", TINY, "--param", "metric=W", "--ratio", 0.2).status()).isEqualTo(2);
    assertThat(run("prune", TINY, "--method", "flap", "--ratio", 0.2).complaints())
        .singleElement()
        .asString()
        .contains("--calibration");
    assertThat(run("evaluate", TINY).status()).isEqualTo(2);
  }

  @Test
  void failures_are_one_line_and_status_1() {
    for (Object[] line :
        new Object[][] {
          {"inspect", folder.resolve("nowhere")},
          {"evaluate", TINY, "--text", folder.resolve("nothing.txt")},
          {"generate", TINY, "--prompt", "Once"},
          {"compare", "nobody"},
          {"inspect", TINY, "--device", "abacus"},
        }) {
      CommandRun run = run(line);
      assertThat(run.status()).as(List.of(line).toString()).isEqualTo(1);
      assertThat(run.complaints()).as(run.err()).hasSize(1);
      assertThat(run.out()).isEmpty();
    }
  }

  @Test
  void scores_have_one_number_per_unit() {
    Path scores = folder.resolve("scores.json");
    succeed("score", TINY, "--calibration", CALIBRATION, "--samples", 4, "--out", scores);

    JsonNode blocks = CommandRun.json(scores).get("blocks");
    assertThat(blocks).hasSize(6);
    assertThat(blocks.get(0).get("attention")).hasSize(8);
    assertThat(blocks.get(5).get("feedForward")).hasSize(344);
    assertThat(CommandRun.json(scores).has("residualStream")).isFalse();
  }

  @Test
  void hidden_channels_have_scores_where_those_go() {
    Path scores = folder.resolve("hidden.json");
    succeed(
        "score",
        TINY,
        "--calibration",
        CALIBRATION,
        "--method",
        "llm-pruner",
        "--param",
        "structure=channels",
        "--param",
        "importance=l1",
        "--out",
        scores);

    JsonNode stream = CommandRun.json(scores).get("residualStream");
    assertThat(stream.get("statistic").asText()).contains("L1");
    assertThat(stream.get("channels")).hasSize(128);
  }

  @Test
  void inspecting_tells_shapes_and_parameters() {
    CommandRun text = succeed("inspect", TINY);
    assertThat(text.out()).contains("llama", "6 blocks", "1,318,528");

    CommandRun machine = succeed("inspect", TINY, "--json", "-");
    assertThat(machine.out()).startsWith("{").contains("\"total\" : 1318528", "\"channels\"");
  }

  @Test
  void speed_is_measured_on_request() {
    Path json = folder.resolve("speed.json");
    succeed("evaluate", TINY, "--speed", "--json", json);
    JsonNode result = CommandRun.json(json);
    assertThat(result.get("prefillTokensPerSecond").asDouble()).isPositive();
    assertThat(result.get("decodeTokensPerSecond").asDouble()).isPositive();
    assertThat(result.get("peakMemoryBytes").asLong()).isGreaterThan(5_000_000);
    assertThat(result.has("perplexity")).isFalse();
  }

  @Test
  void the_demo_does_everything_into_one_folder() {
    Path demo = folder.resolve("demo");

    CommandRun run =
        succeed(
            "demo",
            TINY,
            "--calibration",
            CALIBRATION,
            "--samples",
            8,
            "--text",
            HELD_OUT,
            "--out",
            demo);

    assertThat(run.out()).contains("1/6", "6/6", "Perplexity 6.", "report.html");
    assertThat(demo.resolve("report.html")).isNotEmptyFile();
    assertThat(demo.resolve("espalier.png")).isNotEmptyFile();
    assertThat(demo.resolve("perplexity.svg")).isNotEmptyFile();
    assertThat(demo.resolve("plan.json")).isNotEmptyFile();
    assertThat(succeed("inspect", demo.resolve("export")).out()).contains("6 blocks");
  }

  @Test
  void a_run_can_be_exported_and_opened_again() {
    succeed("prune", TINY, "--method", "magnitude", "--ratio", 0.3, "--name", "thin");
    String target = succeed("methods").out().lines().reduce((a, b) -> b).orElseThrow();
    Path out = folder.resolve("exported");
    Path json = folder.resolve("export.json");

    succeed(
        "export",
        "thin",
        "--target",
        target.strip().split(" ", 2)[0],
        "--dtype",
        "F32",
        "--out",
        out,
        "--json",
        json);

    assertThat(CommandRun.json(json).get("largestLogitDifference").asDouble()).isLessThan(1e-4);
    assertThat(succeed("inspect", out).out()).contains("6 blocks");
    assertThat(run("export", "thin", "--target", "stone", "--out", folder.resolve("x")).status())
        .isEqualTo(2);
  }

  @Test
  void a_search_keeps_to_what_the_target_takes() {
    Path json = folder.resolve("searched.json");
    List<Object> arguments =
        new ArrayList<>(List.of("prune", TINY, "--method", "adapruner", "--ratio", 0.5));
    arguments.addAll(List.of("--target", "transformers", "--json", json));
    arguments.addAll(List.of("--calibration", CALIBRATION, "--name", "searched"));
    for (String small : List.of("trials=2", "sets=1", "setSize=2", "heldOut=2")) {
      arguments.addAll(List.of("--param", small));
    }
    succeed(arguments.toArray());

    JsonNode result = CommandRun.json(json);
    assertThat(result.get("trials")).hasSize(2);
    assertThat(Set.copyOf(integers(result.get("keptHeadGroups")))).hasSize(1);
    assertThat(Set.copyOf(integers(result.get("keptChannels")))).hasSize(1);
  }

  @Test
  void methods_are_listed_with_their_parameters() {
    assertThat(succeed("methods").out())
        .contains("flap", "wanda-sp", "magnitude", "random")
        .contains("It must be auto or a whole number from 1 to 10000.");
  }

  @Test
  void parameters_of_a_method_are_checked_before_any_work() {
    for (String value : List.of("many", "-3", "1.5", "99999999999999999999")) {
      CommandRun run = run("prune", TINY, "--ratio", 0.2, "--param", "removeHeads=" + value);
      assertThat(run.status()).as(value).isEqualTo(2);
      assertThat(run.complaints()).singleElement().asString().contains("removeHeads", value);
    }
  }

  @Test
  void windows_longer_than_the_model_reads_are_refused() throws IOException {
    Path tooLong = folder.resolve("long.json");
    Files.writeString(tooLong, "[[" + "7,".repeat(1500) + "7]]");

    CommandRun evaluated = run("evaluate", TINY, "--text", tooLong);
    CommandRun pruned = run("prune", TINY, "--ratio", 0.2, "--calibration", tooLong);

    for (CommandRun run : List.of(evaluated, pruned)) {
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.complaints()).singleElement().asString().contains("1501", "1024");
    }
  }

  @Test
  void a_tokenizer_of_another_model_is_told_in_one_line() throws IOException {
    Path strange = folder.resolve("strange");
    Files.createDirectories(strange);
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(TINY.resolve(name), strange.resolve(name));
    }
    Files.writeString(
        strange.resolve("tokenizer.json"),
        """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
         "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null,
         "decoder": null, "model": {"type": "WordLevel", "vocab": {"a": 9000, "b": 1},
         "unk_token": "b"}}
        """);
    Path text = folder.resolve("text.txt");
    Files.writeString(text, "a b ".repeat(300));

    CommandRun run = run("evaluate", strange, "--text", text);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.complaints()).singleElement().asString().contains("9000", "511");
  }
}
