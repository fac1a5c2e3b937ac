package org.espalier.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.cli.Espalier;
import org.espalier.cli.Terminal;
import org.espalier.workbench.LocalWorkbench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line takes a model of the hub wherever it takes a folder. */
class HubCommandTest {
  private static final Path MODEL = Path.of("src/test/resources/golden/families/llama-bf16");

  private static final String SECRET = "hf_secretsecretsecret";

  private final HubServer server = new HubServer();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path home;

  @BeforeEach
  void fill() throws IOException {
    server
        .small("config.json", Files.readAllBytes(MODEL.resolve("config.json")))
        .large("model.safetensors", Files.readAllBytes(MODEL.resolve("model.safetensors")));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private int run(String... arguments) {
    Hub hub =
        new Hub(
            server.address(),
            Map.of("HF_HOME", home.toString(), "HF_TOKEN", SECRET),
            new Pauses(Duration.ofSeconds(20), 0));
    return Espalier.run(
        List.of(arguments),
        new Terminal(new PrintWriter(out), new PrintWriter(err), false, 100),
        (workspace, threads) -> new LocalWorkbench(home.resolve("workspace"), hub));
  }

  @Test
  void a_model_is_downloaded_once_and_then_opened_from_this_machine() {
    assertThat(run("inspect", "hub:lab/tiny")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("lab/tiny: llama");
    int asked = server.seen.size();

    assertThat(run("inspect", "hub:lab/tiny")).isZero();
    assertThat(server.seen).hasSize(asked);
  }

  @Test
  void fetch_lists_the_files_and_says_where_they_lie() {
    assertThat(run("fetch", "lab/tiny", "--list")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("model.safetensors").contains("to download");
    assertThat(home.resolve("hub")).doesNotExist();

    assertThat(run("fetch", "lab/tiny")).isZero();
    assertThat(out.toString()).contains(HubServer.COMMIT);
  }

  @Test
  void the_token_is_used_but_written_nowhere() throws IOException {
    PrintStream usual = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      server.next("", HubServer.status(401), HubServer.status(403));
      assertThat(run("fetch", "lab/tiny", "--list")).isEqualTo(1);
      assertThat(run("fetch", "lab/tiny")).isEqualTo(1);
      server.next("model.safetensors", HubServer.status(500), HubServer.dropAfter(1000));
      assertThat(run("inspect", "hub:lab/tiny")).as(err.toString()).isZero();
    } finally {
      System.setErr(usual);
    }

    assertThat(server.seen)
        .extracting(HubServer.Seen::authorization)
        .containsOnly("Bearer " + SECRET);
    assertThat(out + "" + err + log.toString(StandardCharsets.UTF_8)).doesNotContain(SECRET);
    try (Stream<Path> files = Files.walk(home)) {
      assertThat(files.filter(Files::isRegularFile))
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                      .doesNotContain(SECRET));
    }
  }

  @Test
  void what_the_hub_refuses_ends_the_command_with_its_sentence() {
    server.next("", HubServer.status(404));

    assertThat(run("inspect", "hub:lab/tiny")).isEqualTo(1);
    assertThat(err.toString()).contains("404");
  }
}
