package org.espalier.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.espalier.hub.HubServer.COMMIT;
import static org.espalier.hub.HubServer.dropAfter;
import static org.espalier.hub.HubServer.redirect;
import static org.espalier.hub.HubServer.status;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.task.CancelledException;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models come from the hub whole and right, or not at all with a sentence. */
class HubTest {
  private static final Path MODEL = Path.of("src/test/resources/golden/families/llama-bf16");
  private static final HubModel TINY = HubModel.parse("lab/tiny");
  private static final String WEIGHTS = "model.safetensors";
  private static final String SECRET = "hf_secretsecretsecret";

  private final HubServer server = new HubServer();
  private final Map<String, String> environment = new HashMap<>();
  private Duration patience = Duration.ofSeconds(20);
  private byte[] weights;

  @TempDir Path home;

  @BeforeEach
  void fill() throws IOException {
    weights = Files.readAllBytes(MODEL.resolve(WEIGHTS));
    server
        .small("config.json", Files.readAllBytes(MODEL.resolve("config.json")))
        .small("LICENSE", "free")
        .large(WEIGHTS, weights);
    environment.put("HF_HOME", home.toString());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Hub hub() {
    return hub(server.address());
  }

  private Hub hub(URI address) {
    return new Hub(address, environment, new Pauses(patience, 0.002));
  }

  private Path fetch() {
    Hub hub = hub();
    return hub.fetch(hub.list(TINY, Progress.SILENT), Progress.SILENT);
  }

  private Path blobs() {
    return home.resolve("hub/models--lab--tiny/blobs");
  }

  private List<String> blobNames() throws IOException {
    try (Stream<Path> entries = Files.list(blobs())) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  // ---- what is downloaded, and where it lies

  @Test
  void a_model_lies_in_the_cache_as_other_programs_keep_it_and_can_be_opened() throws IOException {
    Path folder = fetch();

    Path model = home.resolve("hub/models--lab--tiny");
    assertThat(folder).isEqualTo(model.resolve("snapshots").resolve(COMMIT));
    assertThat(model.resolve("refs/main")).hasContent(COMMIT);
    assertThat(folder.resolve(WEIGHTS)).hasBinaryContent(weights);
    assertThat(folder.resolve(WEIGHTS)).isSymbolicLink();
    assertThat(Files.readSymbolicLink(folder.resolve(WEIGHTS)))
        .isEqualTo(Path.of("../../blobs", server.listed(WEIGHTS).at("/lfs/sha256").asText()));
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.tensors()).isNotEmpty();
    }
  }

  @Test
  void only_weights_json_tokenizer_and_licence_are_listed_with_their_size() {
    server
        .small("tokenizer.json", "{}")
        .small("tokenizer.model", "pieces")
        .small("modeling_evil.py", "import os")
        .small("README.md", "words")
        .large("pytorch_model.bin", new byte[9])
        .large("consolidated.safetensors", new byte[9])
        .large("model.fp16.safetensors", new byte[9])
        .small("onnx/config.json", "{}");

    HubListing listing = hub().list(TINY, Progress.SILENT);

    assertThat(listing.files())
        .extracting(HubFile::name)
        .containsExactlyInAnyOrder(
            "config.json", "LICENSE", WEIGHTS, "tokenizer.json", "tokenizer.model");
    assertThat(listing.bytes())
        .isEqualTo(listing.files().stream().mapToLong(HubFile::bytes).sum())
        .isGreaterThan(weights.length);
    assertThat(listing.missingBytes()).isEqualTo(listing.bytes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil.json",
        "/etc/evil.json",
        "a/../../evil.json",
        "..\\\\evil.json",
        "C:evil.json",
        ".evil.json",
        "evil\u0000.json"
      })
  void names_that_leave_the_folder_are_never_taken(String name) {
    server.small(name, "{}");

    assertThat(hub().list(TINY, Progress.SILENT).files())
        .extracting(HubFile::name)
        .containsExactlyInAnyOrder("config.json", "LICENSE", WEIGHTS);
  }

  @Test
  void what_is_there_already_is_found_without_asking_and_not_fetched_again() {
    Path folder = fetch();
    int asked = server.seen.size();

    assertThat(hub().find(TINY)).contains(folder);
    assertThat(hub().find(HubModel.parse("lab/tiny@" + COMMIT))).contains(folder);
    assertThat(server.seen).hasSize(asked);

    HubListing again = hub().list(TINY, Progress.SILENT);
    assertThat(again.missingBytes()).isZero();
    assertThat(hub().fetch(again, Progress.SILENT)).isEqualTo(folder);
    assertThat(server.seen).hasSize(asked + 1);
  }

  @Test
  void a_snapshot_that_lacks_weights_is_not_taken_for_a_model() throws IOException {
    Path folder = fetch();
    Files.delete(folder.resolve(WEIGHTS));
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"a\": \"model-00001-of-00001.safetensors\"}}");

    assertThat(hub().find(TINY)).isEmpty();
    Files.writeString(
        folder.resolve("model.safetensors.index.json"), "{\"weight_map\": {\"a\": \"\\u0000\"}}");
    assertThat(hub().find(TINY)).isEmpty();
    assertThat(hub().find(HubModel.parse("lab/other"))).isEmpty();
  }

  @Test
  void the_environment_chooses_the_cache() {
    environment.put("HF_HUB_CACHE", home.resolve("elsewhere").toString());

    assertThat(fetch()).startsWith(home.resolve("elsewhere/models--lab--tiny"));
    assertThat(HubCache.of(Map.of("XDG_CACHE_HOME", "/c")).folder())
        .isEqualTo(Path.of("/c/huggingface/hub"));
    assertThat(HubCache.of(Map.of()).folder())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".cache/huggingface/hub"));
  }

  // ---- connections that break

  @Test
  void a_dropped_connection_goes_on_where_it_broke() throws IOException {
    server.next(WEIGHTS, dropAfter(1000), dropAfter(5000));

    assertThat(fetch().resolve(WEIGHTS)).hasBinaryContent(weights);
    assertThat(server.seen)
        .filteredOn(request -> request.path().endsWith(WEIGHTS))
        .extracting(HubServer.Seen::range)
        .containsExactly(null, "bytes=1000-", "bytes=6000-");
  }

  @Test
  void a_server_that_falls_silent_is_asked_again() {
    patience = Duration.ofSeconds(1);
    server.next(
        WEIGHTS,
        (exchange, content) -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content, 0, 700);
          exchange.getResponseBody().flush();
          try {
            Thread.sleep(3000);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });

    assertThat(fetch().resolve(WEIGHTS)).hasBinaryContent(weights);
    assertThat(server.seen).extracting(HubServer.Seen::range).contains("bytes=700-");
  }

  @Test
  void after_too_many_breaks_a_sentence_says_what_is_kept_and_the_next_fetch_goes_on()
      throws IOException {
    server.next(
        WEIGHTS,
        dropAfter(400),
        dropAfter(0),
        dropAfter(0),
        dropAfter(0),
        dropAfter(0),
        dropAfter(0));

    assertThatThrownBy(this::fetch)
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("400 of " + weights.length + " bytes of " + WEIGHTS + " are kept");
    assertThat(hub().find(TINY)).isEmpty();

    assertThat(fetch().resolve(WEIGHTS)).hasBinaryContent(weights);
    assertThat(server.seen.get(server.seen.size() - 1).range()).isEqualTo("bytes=400-");
  }

  @Test
  void a_cancelled_download_keeps_what_arrived() throws IOException {
    Hub hub = hub();
    HubListing listing = hub.list(TINY, Progress.SILENT);

    assertThatThrownBy(
            () ->
                hub.fetch(
                    listing,
                    (stage, done, total) -> {
                      if (stage.contains(WEIGHTS)) {
                        throw new CancelledException();
                      }
                    }))
        .isInstanceOf(CancelledException.class);

    assertThat(hub.find(TINY)).isEmpty();
    assertThat(blobNames()).filteredOn(name -> name.endsWith(".incomplete")).hasSize(1);
    assertThat(fetch().resolve(WEIGHTS)).hasBinaryContent(weights);
    assertThat(blobNames()).noneMatch(name -> name.endsWith(".incomplete"));
  }

  @Test
  void a_server_that_knows_no_ranges_is_read_from_the_start() {
    server.next(
        WEIGHTS,
        dropAfter(1000),
        (exchange, content) -> {
          exchange.sendResponseHeaders(200, content.length);
          try (exchange) {
            exchange.getResponseBody().write(content);
          }
        });

    assertThat(fetch().resolve(WEIGHTS)).hasBinaryContent(weights);
  }

  @Test
  void a_part_that_was_not_asked_for_is_not_taken() {
    server.next(
        WEIGHTS,
        dropAfter(1000),
        (exchange, content) -> {
          exchange.getResponseHeaders().add("Content-Range", "bytes 7-1006/" + content.length);
          exchange.sendResponseHeaders(206, 1000);
          try (exchange) {
            exchange.getResponseBody().write(content, 7, 1000);
          }
        });

    assertThat(fetch().resolve(WEIGHTS)).hasBinaryContent(weights);
  }

  // ---- content that is wrong

  @ParameterizedTest
  @ValueSource(ints = {-10, 10})
  void another_length_than_listed_is_refused(int more) throws IOException {
    server.next(
        WEIGHTS,
        (exchange, content) -> {
          exchange.sendResponseHeaders(200, content.length + more);
          try (exchange) {
            exchange.getResponseBody().write(new byte[content.length + more]);
          }
        });

    assertThatThrownBy(this::fetch)
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining((weights.length + more) + " bytes")
        .hasMessageContaining("says " + weights.length);
    assertThat(hub().find(TINY)).isEmpty();
  }

  @Test
  void a_body_without_a_length_that_runs_on_is_cut_off() {
    server.next(
        WEIGHTS,
        (exchange, content) -> {
          exchange.sendResponseHeaders(200, 0);
          try (exchange) {
            exchange.getResponseBody().write(content);
            exchange.getResponseBody().write(new byte[100]);
          }
        });

    assertThatThrownBy(this::fetch)
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("list says");
  }

  @ParameterizedTest
  @ValueSource(strings = {WEIGHTS, "config.json"})
  void content_with_another_hash_is_deleted(String name) throws IOException {
    server.next(
        name,
        (exchange, content) -> {
          byte[] changed = content.clone();
          changed[changed.length - 1] ^= 1;
          exchange.sendResponseHeaders(200, changed.length);
          try (exchange) {
            exchange.getResponseBody().write(changed);
          }
        });

    assertThatThrownBy(this::fetch)
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("wrong hash");
    assertThat(hub().find(TINY)).isEmpty();
    assertThat(blobNames()).noneMatch(blob -> blob.endsWith(".incomplete"));
    assertThat(fetch().resolve(name)).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>", "[]", "{}", "{\"sha\": \"../../x\"}"})
  void an_answer_that_is_no_list_is_refused(String answer) {
    server.next(
        "",
        (exchange, content) -> {
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          try (exchange) {
            exchange.getResponseBody().write(bytes);
          }
        });

    assertThatThrownBy(() -> hub().list(TINY, Progress.SILENT))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("lab/tiny");
  }

  @Test
  void a_model_without_safetensors_says_so() {
    HubServer other = new HubServer();
    try (other) {
      other.small("config.json", "{}").large("pytorch_model.bin", new byte[5]);

      assertThatThrownBy(() -> hub(other.address()).list(TINY, Progress.SILENT))
          .isInstanceOf(EspalierException.class)
          .hasMessageContaining("no safetensors");
    }
  }

  @Test
  void a_model_larger_than_the_disk_is_refused_before_the_download() {
    server.listed(WEIGHTS).withObject("/lfs").put("size", 1L << 60);

    assertThatThrownBy(this::fetch)
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("free")
        .hasMessageContaining("HF_HUB_CACHE");
    assertThat(server.seen).hasSize(1);
  }

  // ---- refusals

  @ParameterizedTest
  @CsvSource({
    "401, HF_TOKEN",
    "403, accept its conditions",
    "404, at revision main",
    "407, proxy",
    "418, status 418"
  })
  void a_refusal_is_a_sentence(int status, String words) {
    server.next("", status(status));

    assertThatThrownBy(() -> hub().list(TINY, Progress.SILENT))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("" + status)
        .hasMessageContaining(words)
        .hasMessageEndingWith(".");
  }

  @Test
  void too_many_requests_and_faults_of_the_server_are_waited_for() {
    server.next(
        "",
        (exchange, content) -> {
          exchange.getResponseHeaders().add("Retry-After", "2");
          status(429).answer(exchange, content);
        },
        status(503));
    server.next(WEIGHTS, status(429));

    assertThat(fetch().resolve(WEIGHTS)).hasBinaryContent(weights);
  }

  @Test
  void a_hub_that_stays_overloaded_is_told() {
    server.next("", status(429), status(429), status(429), status(429), status(429));

    assertThatThrownBy(() -> hub().list(TINY, Progress.SILENT))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("429");
  }

  @Test
  void nobody_answering_is_a_sentence_that_points_to_an_earlier_download() {
    fetch();
    server.close();

    assertThatThrownBy(() -> hub().list(TINY, Progress.SILENT))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("check the network")
        .hasMessageContaining("an earlier download");
    assertThat(hub().find(TINY)).isPresent();
  }

  // ---- redirections and the token

  @Test
  void the_token_goes_to_the_hub_and_nowhere_else_and_into_no_sentence() {
    environment.put("HF_TOKEN", SECRET);
    try (HubServer store = new HubServer()) {
      store.large(WEIGHTS, weights);
      server.next(WEIGHTS, redirect(store.address() + "/" + WEIGHTS));

      assertThat(fetch().resolve(WEIGHTS)).hasBinaryContent(weights);
      assertThat(server.seen)
          .extracting(HubServer.Seen::authorization)
          .containsOnly("Bearer " + SECRET);
      assertThat(store.seen).hasSize(1).extracting(HubServer.Seen::authorization).containsNull();
    }
    server.next("", status(401));
    assertThatThrownBy(() -> hub().list(TINY, Progress.SILENT))
        .hasMessageContaining("does not accept the token")
        .hasMessageNotContaining(SECRET);
    assertThat(HubToken.of(environment).orElseThrow().toString()).doesNotContain(SECRET);
  }

  @Test
  void the_token_is_read_from_the_usual_file_and_left_out_where_it_is_none() throws IOException {
    Files.writeString(home.resolve("token"), SECRET + "\n");
    assertThat(HubToken.of(environment).map(HubToken::header)).contains("Bearer " + SECRET);

    Files.writeString(home.resolve("token"), "two words\r\nX: y");
    assertThat(HubToken.of(environment)).isEmpty();
    assertThat(HubToken.of(Map.of("HF_HOME", home.resolve("none").toString()))).isEmpty();
  }

  @Test
  void a_redirection_away_from_encryption_is_not_followed() {
    server.next(WEIGHTS, redirect("http://localhost:1/" + WEIGHTS));

    assertThatThrownBy(this::fetch)
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("without encryption");
  }

  @Test
  void redirections_in_a_circle_end() {
    for (int i = 0; i < 10; i++) {
      server.next(WEIGHTS, redirect("/lab/tiny/resolve/main/" + WEIGHTS));
    }

    assertThatThrownBy(this::fetch)
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("redirected more than");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https:nowhere", "https://", "mailto:a@b", "http://[x", "//"})
  void a_redirection_to_no_address_is_a_sentence(String location) {
    server.next("", redirect(location));

    assertThatThrownBy(() -> hub().list(TINY, Progress.SILENT))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("senseless address");
  }

  // ---- proxies

  @Test
  void everything_goes_through_the_proxy_but_to_exempt_hosts() {
    environment.put("HTTPS_PROXY", server.address().toString());
    Hub behind = hub(URI.create("http://hub.invalid"));

    Path folder = behind.fetch(behind.list(TINY, Progress.SILENT), Progress.SILENT);

    assertThat(folder.resolve(WEIGHTS)).hasBinaryContent(weights);
    environment.put("NO_PROXY", ".invalid");
    Hub direct = hub(URI.create("http://hub.invalid"));
    assertThatThrownBy(() -> direct.list(TINY, Progress.SILENT))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("check the network and HTTPS_PROXY");
  }

  @ParameterizedTest
  @CsvSource({
    "407 Proxy Authentication Required, asks for a password",
    "403 Forbidden, HTTPS_PROXY"
  })
  void the_proxy_is_asked_for_a_tunnel_and_never_sees_the_token(String answer, String words)
      throws Exception {
    environment.put("HF_TOKEN", SECRET);
    try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      environment.put("HTTPS_PROXY", "http://user:word@127.0.0.1:" + proxy.getLocalPort());
      CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> refuse(proxy, answer));

      assertThatThrownBy(() -> hub(URI.create("https://hub.invalid")).list(TINY, Progress.SILENT))
          .isInstanceOf(EspalierException.class)
          .hasMessageContaining(answer.substring(0, 3))
          .hasMessageContaining(words)
          .hasMessageNotContaining("word@");
      assertThat(asked.get(20, TimeUnit.SECONDS))
          .startsWith("CONNECT hub.invalid:443 ")
          .doesNotContain(SECRET);
    }
  }

  /** Reads the head of one request, refuses it, and tells what it said. */
  private static String refuse(ServerSocket proxy, String answer) {
    StringBuilder head = new StringBuilder();
    try (Socket socket = proxy.accept()) {
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      for (String line = reader.readLine();
          line != null && !line.isEmpty();
          line = reader.readLine()) {
        head.append(line).append('\n');
      }
      String whole = "HTTP/1.1 " + answer + "\r\nContent-Length: 0\r\n\r\n";
      socket.getOutputStream().write(whole.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return head.toString();
  }

  @Test
  void the_proxy_of_the_environment_is_used_and_its_password_never_shown() {
    var proxies =
        HubProxy.of(
            Map.of("HTTPS_PROXY", "http://proxy.lab:3128", "NO_PROXY", "inside.lab,.local"));

    assertThat(proxies.select(URI.create("https://huggingface.co")).get(0).address().toString())
        .contains("proxy.lab")
        .contains("3128");
    assertThat(proxies.select(URI.create("https://a.inside.lab")).get(0).address()).isNull();
    assertThatThrownBy(() -> HubProxy.of(Map.of("HTTPS_PROXY", "socks://user:word@x:1")))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("HTTPS_PROXY")
        .hasMessageNotContaining("word");
  }

  // ---- names

  @Test
  void models_are_named_as_on_the_hub() {
    assertThat(HubModel.parse("hub:Qwen/Qwen2.5-0.5B"))
        .isEqualTo(new HubModel("Qwen/Qwen2.5-0.5B", "main"))
        .hasToString("Qwen/Qwen2.5-0.5B");
    assertThat(HubModel.parse("a/b@refs/pr/3").revision()).isEqualTo("refs/pr/3");
    assertThat(HubModel.parse("gpt2").folderName()).isEqualTo("models--gpt2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a/b/c",
        "../b",
        "a/..",
        "a/b@",
        "a/b@../x",
        "a/b@x/../../y",
        "a b/c",
        "a/b?x"
      })
  void other_names_are_refused(String text) {
    assertThatThrownBy(() -> HubModel.parse(text)).isInstanceOf(EspalierException.class);
  }

  @Test
  void progress_counts_bytes_of_all_files() {
    Hub hub = hub();
    HubListing listing = hub.list(TINY, Progress.SILENT);
    List<Long> counts = new ArrayList<>();

    hub.fetch(
        listing,
        (stage, done, total) -> {
          assertThat(total).isEqualTo(listing.bytes());
          counts.add(done);
        });

    assertThat(counts).isSorted().endsWith(listing.bytes());
  }

  @Test
  void two_downloads_of_one_model_do_not_meet() {
    Hub hub = hub();
    HubListing listing = hub.list(TINY, Progress.SILENT);
    List<RuntimeException> second = new ArrayList<>();

    hub.fetch(
        listing,
        (stage, done, total) -> {
          if (second.isEmpty()) {
            try {
              hub.fetch(listing, Progress.SILENT);
            } catch (EspalierException e) {
              second.add(e);
            }
          }
        });

    assertThat(second.get(0)).hasMessageContaining("being downloaded already");
  }

  @Test
  void hashes_are_those_of_git_and_sha256() throws IOException {
    byte[] content = new byte[3 << 20];
    new SplittableRandom(5).nextBytes(content);
    server.large("model-00001-of-00001.safetensors", content).small("big.json", content);
    Path file = Files.write(home.resolve("file"), content);

    HubListing listing = hub().list(TINY, Progress.SILENT);

    for (HubFile listed : listing.files()) {
      assertThat(listed.hash().matches(file, Progress.SILENT))
          .isEqualTo(listed.bytes() == content.length);
    }
  }
}
