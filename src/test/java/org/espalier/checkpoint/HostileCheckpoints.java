package org.espalier.checkpoint;

import static org.espalier.checkpoint.TestCheckpoints.VALID_HEADER;
import static org.espalier.checkpoint.TestCheckpoints.entry;
import static org.espalier.checkpoint.TestCheckpoints.file;
import static org.espalier.checkpoint.TestCheckpoints.validData;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Checkpoint folders that are damaged, contradictory or malicious, each in one way. */
final class HostileCheckpoints {
  private static final String WEIGHTS = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final String FIRST = "model-00001-of-00002.safetensors";
  private static final String SECOND = "model-00002-of-00002.safetensors";

  /**
   * @param build fills an empty folder and returns what to open
   * @param words all must appear in the message
   */
  record Case(String name, Builder build, List<String> words) {
    @Override
    public String toString() {
      return name;
    }
  }

  @FunctionalInterface
  interface Builder {
    Path in(Path folder) throws IOException;
  }

  private final List<Case> cases = new ArrayList<>();

  static List<Case> all() {
    HostileCheckpoints corpus = new HostileCheckpoints();
    corpus.folders();
    corpus.configurations();
    corpus.lengths();
    corpus.json();
    corpus.entries();
    corpus.layouts();
    corpus.shards();
    return corpus.cases;
  }

  // ---- the folder

  private void folders() {
    add("folder does not exist", folder -> folder.resolve("nowhere"), "nowhere", "does not exist");
    add(
        "a file instead of a folder",
        folder -> Files.writeString(folder.resolve("x.safetensors"), "x"),
        "is a file",
        "choose the folder");
    add("empty folder", folder -> folder, "has no weights");
    add("only a configuration", withConfiguration(folder -> {}), "has no weights");
    for (String pickle :
        List.of("pytorch_model.bin", "model.pt", "consolidated.00.pth", "MODEL.CKPT", "m.pkl")) {
      add(
          "pickle " + pickle,
          withConfiguration(folder -> Files.write(folder.resolve(pickle), new byte[] {1})),
          pickle,
          "pickle",
          "can run code",
          "save_pretrained");
    }
    add(
        "LoRA adapter without its base",
        withConfiguration(
            folder -> {
              Files.writeString(folder.resolve("adapter_config.json"), "{}");
              Files.write(folder.resolve("adapter_model.safetensors"), new byte[9]);
            }),
        "LoRA adapter",
        "merge");
    add(
        "a shard without its index",
        withConfiguration(folder -> Files.write(folder.resolve(FIRST), new byte[9])),
        FIRST,
        "index.json");
    add(
        "weights are a folder",
        withConfiguration(folder -> Files.createDirectory(folder.resolve(WEIGHTS))),
        WEIGHTS,
        "not a regular file");
    add(
        "weights are a link out of the folder",
        withConfiguration(
            folder -> {
              Path outside = folder.resolveSibling("outside.safetensors");
              Files.write(outside, file(VALID_HEADER, validData()));
              Files.createSymbolicLink(folder.resolve(WEIGHTS), outside);
            }),
        "link",
        "outside the folder");
    add(
        "weights are a dangling link",
        withConfiguration(
            folder -> Files.createSymbolicLink(folder.resolve(WEIGHTS), Path.of("gone"))),
        WEIGHTS,
        "link",
        "does not exist");
    add(
        "weights are a device",
        withConfiguration(
            folder -> Files.createSymbolicLink(folder.resolve(WEIGHTS), Path.of("/dev/zero"))),
        WEIGHTS,
        "not a regular file");
  }

  // ---- config.json

  private void configurations() {
    add(
        "no configuration",
        folder -> {
          Files.write(folder.resolve(WEIGHTS), file(VALID_HEADER, validData()));
          return folder;
        },
        "no config.json");
    configuration("configuration is empty", "", "config.json", "JSON object");
    configuration("configuration is cut off", "{\"a\": 1", "config.json", "not valid JSON");
    configuration("configuration is a list", "[1]", "config.json", "JSON object");
    configuration("configuration is a number", "7", "config.json", "JSON object");
    configuration("configuration is null", "null", "config.json", "JSON object");
    configuration(
        "configuration has a key twice",
        "{\"hidden_size\":64,\"hidden_size\":128}",
        "config.json",
        "Duplicate field 'hidden_size'");
    configuration(
        "configuration has a key twice inside",
        "{\"rope_scaling\":{\"factor\":8,\"factor\":2}}",
        "config.json",
        "Duplicate field 'factor'");
    configuration("configuration goes on after its end", "{} {}", "config.json", "not valid JSON");
    configuration(
        "configuration is nested without end",
        "{\"a\":" + "[".repeat(100_000),
        "config.json",
        "nesting depth");
    configuration(
        "configuration has a number of a million digits",
        "{\"hidden_size\":" + "9".repeat(1_000_000) + "}",
        "config.json",
        "Number value length");
    configuration(
        "configuration has a name of a megabyte",
        "{\"" + "k".repeat(1_000_000) + "\":1}",
        "config.json",
        "Name length");
    configuration("configuration has a comment", "{/* x */}", "config.json", "not valid JSON");
    configuration("configuration holds NaN", "{\"a\":NaN}", "config.json", "not valid JSON");
    add(
        "configuration is not UTF-8",
        folder -> {
          TestCheckpoints.valid(folder);
          Files.write(
              folder.resolve("config.json"),
              new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
          return folder;
        },
        "config.json",
        "UTF-8");
    add(
        "configuration is endless",
        folder -> {
          TestCheckpoints.valid(folder);
          Files.delete(folder.resolve("config.json"));
          TestCheckpoints.writeSparse(folder.resolve("config.json"), "{", 1L << 40);
          return folder;
        },
        "config.json",
        "at most");
  }

  // ---- the length word

  private void lengths() {
    weights("empty file", new byte[0], "is empty");
    weights("three bytes", new byte[] {1, 2, 3}, "too short");
    weights("only the length", length(0), "does not start with '{'");
    weights("length beyond the end", length(100), "claims 100 bytes", "truncated");
    weights("length of the format's limit without a header", length(100_000_000), "truncated");
    weights("length above the format's limit", length(100_000_001), "allows at most 100000000");
    weights("negative length", length(-1), "18446744073709551615", "allows at most");
    weights("smallest long", length(Long.MIN_VALUE), "allows at most");
    weights(
        "length one too small",
        withLength(VALID_HEADER.length() - 1, VALID_HEADER, validData()),
        "header");
    weights(
        "length one too large",
        withLength(VALID_HEADER.length() + 1, VALID_HEADER, validData()),
        "truncated");
    weights(
        "big-endian length",
        ByteBuffer.allocate(8 + VALID_HEADER.length())
            .putLong(VALID_HEADER.length())
            .put(ascii(VALID_HEADER))
            .array(),
        "allows at most");
    weights(
        "Git LFS pointer",
        ascii("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"),
        "Git LFS pointer",
        "git lfs pull");
    weights("zip archive", ascii("PK\3\4 and more than that"), "pickle or zip", "convert");
    weights("pickle", new byte[] {(byte) 0x80, 2, 'c', 'o', 's', '\n', 's', 'y', 's'}, "pickle");
    weights("GGUF", ascii("GGUF\3\0\0\0\0\0\0\0"), "GGUF");
    weights("web page", ascii("<!DOCTYPE html><html>404</html>"), "allows at most");
  }

  // ---- the header as JSON

  private void json() {
    header("header is a list", "[]", "does not start with '{'");
    header("header starts with a space", " {}", "does not start with '{'");
    header("header starts with a byte order mark", "\ufeff{}", "does not start with '{'");
    header("header is cut off", "{\"a\":{\"dtype\":", "header", "not valid JSON");
    header("header ends in the outer object", "{\"a\":1", "tensor a", "must be an object");
    header("header goes on after its end", "{}{}", "goes on after");
    weights("header holds no tensors", file("{}", new byte[0]), "holds no tensors");
    header("header with a trailing comma", "{\"a\":{},}", "header");
    header("header padded with zeros", VALID_HEADER + "\0\0", "not valid JSON");
    header(
        "header nested without end",
        "{\"a\":{\"shape\":" + "[".repeat(90_000),
        "tensor a",
        "shape");
    header(
        "metadata nested without end",
        "{\"__metadata__\":" + "{\"a\":".repeat(90_000),
        "__metadata__");
    header("metadata is a text", "{\"__metadata__\":\"x\"}", "__metadata__", "object of texts");
    header("metadata holds a number", "{\"__metadata__\":{\"v\":1}}", "'v' must be a text");
    header("metadata holds null", "{\"__metadata__\":{\"v\":null}}", "'v' must be a text");
    header(
        "metadata key twice",
        "{\"__metadata__\":{\"v\":\"1\",\"v\":\"2\"}}",
        "Duplicate field 'v'");
    header(
        "metadata twice",
        "{\"__metadata__\":{},\"__metadata__\":{}}",
        "Duplicate field '__metadata__'");
    header(
        "tensor twice",
        "{" + entry("a", "U8", "[28]", 0, 28) + "," + entry("a", "U8", "[28]", 0, 28) + "}",
        "Duplicate field 'a'");
    header(
        "tensor twice, once escaped",
        "{" + entry("a", "U8", "[28]", 0, 28) + "," + entry("\\u0061", "U8", "[28]", 0, 28) + "}",
        "Duplicate field 'a'");
    weights(
        "header is not UTF-8",
        file(new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', ':', '{', '}', '}'}, new byte[0]),
        "UTF-8");
    header(
        "a name that would colour a terminal",
        "{" + entry("\\u001b[31mred", "XX", "[28]", 0, 28) + "}",
        "?[31mred");
    header(
        "a name of ten thousand letters",
        "{" + entry("n".repeat(10_000), "U8", "[28]", 0, 28) + "}",
        "Name length");
  }

  // ---- one tensor's entry

  private void entries() {
    header("entry is a number", "{\"a\":7}", "tensor a", "must be an object");
    header("entry is empty", "{\"a\":{}}", "tensor a", "lacks dtype, shape or data_offsets");
    header(
        "entry without shape",
        "{\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,28]}}",
        "tensor a",
        "lacks");
    header(
        "entry with an unknown field",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[28],\"data_offsets\":[0,28],\"code\":\"x\"}}",
        "tensor a",
        "unknown field 'code'");
    header(
        "entry with dtype twice",
        "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"I8\",\"shape\":[28],\"data_offsets\":[0,28]}}",
        "Duplicate field 'dtype'");
    one("unknown dtype", "Q4", "[28]", "0,28", "'Q4'", "not supported");
    one("dtype in small letters", "f32", "[7]", "0,28", "'f32'", "not supported");
    one("eight-bit float", "F8_E4M3", "[28]", "0,28", "F8_E4M3", "BF16, F16 or F32");
    header(
        "dtype is a number",
        "{\"a\":{\"dtype\":4,\"shape\":[7],\"data_offsets\":[0,28]}}",
        "dtype must be a text");
    one("shape is a number", "F32", "7", "0,28", "shape must be a list");
    one("shape holds a text", "F32", "[\"7\"]", "0,28", "shape must hold whole numbers");
    one("shape holds a fraction", "F32", "[7.0]", "0,28", "shape must hold whole numbers");
    one("shape holds an exponent", "F32", "[7e0]", "0,28", "shape must hold whole numbers");
    one("shape holds a list", "F32", "[[7]]", "0,28", "shape must hold whole numbers");
    one("shape holds a negative number", "F32", "[-1,-7]", "0,28", "negative");
    one("shape beyond 64 bits", "F32", "[18446744073709551616]", "0,28", "too large");
    one("shape overflows when multiplied", "F32", "[4294967296,4294967296]", "0,28", "larger than");
    one("shape times element overflows", "F32", "[4611686018427387904]", "0,28", "larger than");
    one("shape wraps to the right size", "U8", "[9223372036854775807,2,1]", "0,28", "larger than");
    one("shape too small", "F32", "[6]", "0,28", "needs 24 bytes", "give it 28");
    one("shape too large", "F32", "[8]", "0,28", "needs 32 bytes", "give it 28");
    one("scalar with many bytes", "F32", "[]", "0,28", "needs 4 bytes");
    one("a thousand dimensions", "U8", "[" + "1,".repeat(999) + "28]", "0,28", "more than 32");
    one("one offset", "F32", "[7]", "28", "two numbers");
    one("three offsets", "F32", "[7]", "0,28,28", "more than 2");
    one("negative offset", "F32", "[7]", "-28,0", "negative");
    one("offset beyond 64 bits", "F32", "[7]", "0,99999999999999999999", "too large");
    one("offset is a fraction", "F32", "[7]", "0,28.5", "whole numbers");
    one("end before begin", "F32", "[7]", "28,0", "before it begins");
    one("end beyond the file", "F32", "[8]", "0,32", "reaches to data byte 32", "only 28");
    one("end far beyond the file", "U8", "[9223372036854775807]", "0,9223372036854775807", "only");
  }

  // ---- several tensors

  private void layouts() {
    header(
        "hole at the start",
        "{" + entry("a", "U8", "[24]", 4, 28) + "}",
        "tensor a",
        "hole of 4 bytes",
        "the header");
    header(
        "hole between tensors",
        "{" + entry("a", "U8", "[4]", 0, 4) + "," + entry("b", "U8", "[20]", 8, 28) + "}",
        "tensor b",
        "hole of 4 bytes",
        "tensor a");
    header(
        "bytes after the last tensor",
        "{" + entry("a", "U8", "[20]", 0, 20) + "}",
        "8 bytes after its last tensor");
    header(
        "tensors overlap",
        "{" + entry("a", "U8", "[16]", 0, 16) + "," + entry("b", "U8", "[16]", 12, 28) + "}",
        "tensor b",
        "overlaps tensor a");
    header(
        "two tensors on the same bytes",
        "{" + entry("a", "U8", "[28]", 0, 28) + "," + entry("b", "U8", "[28]", 0, 28) + "}",
        "overlaps");
    header(
        "empty tensor inside another",
        "{" + entry("a", "U8", "[28]", 0, 28) + "," + entry("b", "U8", "[0]", 5, 5) + "}",
        "tensor b",
        "overlaps");
    weights(
        "truncated data",
        Arrays.copyOf(file(VALID_HEADER, validData()), 8 + VALID_HEADER.length() + 20),
        "truncated or damaged");
    weights("data missing", file(VALID_HEADER, new byte[0]), "truncated or damaged");
    weights(
        "a zip archive appended",
        concatenate(file(VALID_HEADER, validData()), ascii("PK\3\4polyglot")),
        "12 bytes after its last tensor");
    add(
        "more tensors than any decoder",
        folder -> {
          StringBuilder header = new StringBuilder("{");
          for (int i = 0; i <= 250_000; i++) {
            header.append(i == 0 ? "" : ",").append(entry("t" + i, "U8", "[0]", 0, 0));
          }
          return writeWeights(folder, file(header.append('}').toString(), new byte[0]));
        },
        "more than 250000 tensors");
  }

  // ---- shards and index

  private void shards() {
    for (String name :
        List.of(
            "../outside.safetensors",
            "/etc/outside.safetensors",
            "sub/../../outside.safetensors",
            "..\\\\outside.safetensors",
            "C:\\\\outside.safetensors",
            "nul\\u0000.safetensors")) {
      index(
          "shard name " + name,
          "{\"weight_map\":{\"a\":\"" + name + "\"}}",
          "not a plain name inside the folder");
    }
    index(
        "shard is a pickle", "{\"weight_map\":{\"a\":\"a.bin\"}}", "'a.bin'", "not a safetensors");
    index("shard name is empty", "{\"weight_map\":{\"a\":\"\"}}", "not a safetensors");
    index("shard name is a number", "{\"weight_map\":{\"a\":1}}", "tensor a", "file name");
    index("index is a list", "[]", INDEX, "JSON object");
    index("index is cut off", "{\"weight_map\":{", INDEX, "not valid JSON");
    index("index without weight_map", "{\"metadata\":{}}", INDEX, "lacks the object weight_map");
    index("weight_map is a text", "{\"weight_map\":\"x\"}", INDEX, "lacks the object weight_map");
    index("weight_map is empty", "{\"weight_map\":{}}", INDEX, "names no tensors");
    index(
        "tensor twice in the index",
        "{\"weight_map\":{\"a\":\"" + FIRST + "\",\"a\":\"" + SECOND + "\"}}",
        INDEX,
        "Duplicate field 'a'");
    index(
        "tensor missing in the index",
        "{\"weight_map\":{\"a\":\"%s\",\"b\":\"%s\"}}".formatted(FIRST, SECOND),
        "tensor empty",
        "not in the index");
    index(
        "tensor missing in its shard",
        "{\"weight_map\":{\"a\":\"%s\",\"b\":\"%s\",\"empty\":\"%s\",\"c\":\"%s\"}}"
            .formatted(FIRST, SECOND, SECOND, SECOND),
        "tensor c",
        "should be in the shard " + SECOND);
    index(
        "tensor in another shard than the index says",
        "{\"weight_map\":{\"a\":\"%s\",\"b\":\"%s\",\"empty\":\"%s\"}}"
            .formatted(FIRST, SECOND, FIRST),
        "tensor empty",
        "the index says " + FIRST);
    sharded("shard missing", folder -> Files.delete(folder.resolve(SECOND)), SECOND, "missing");
    sharded(
        "shard truncated",
        folder ->
            Files.write(
                folder.resolve(SECOND),
                Arrays.copyOf(
                    Files.readAllBytes(folder.resolve(SECOND)),
                    (int) Files.size(folder.resolve(SECOND)) - 1)),
        SECOND,
        "truncated");
    sharded(
        "same tensor in two shards",
        folder ->
            Files.write(
                folder.resolve(FIRST),
                file(
                    "{"
                        + entry("a", "U8", "[4]", 0, 4)
                        + ","
                        + entry("b", "F32", "[0]", 4, 4)
                        + "}",
                    new byte[4])),
        "tensor b",
        "also in the shard");
    sharded(
        "shard is a link out of the folder",
        folder -> {
          Path outside = folder.resolveSibling("outside.safetensors");
          Files.move(folder.resolve(FIRST), outside);
          Files.createSymbolicLink(folder.resolve(FIRST), outside);
        },
        FIRST,
        "outside the folder");
    sharded(
        "shard is a folder",
        folder -> {
          Files.delete(folder.resolve(FIRST));
          Files.createDirectory(folder.resolve(FIRST));
        },
        FIRST,
        "not a regular file");
  }

  // ---- how cases are made

  @FunctionalInterface
  private interface Change {
    void in(Path folder) throws IOException;
  }

  private void add(String name, Builder build, String... words) {
    cases.add(new Case(name, build, List.of(words)));
  }

  private static Builder withConfiguration(Change change) {
    return folder -> {
      TestCheckpoints.configuration(folder);
      change.in(folder);
      return folder;
    };
  }

  private void configuration(String name, String json, String... words) {
    add(
        name,
        folder -> {
          TestCheckpoints.valid(folder);
          Files.writeString(folder.resolve("config.json"), json);
          return folder;
        },
        words);
  }

  private void weights(String name, byte[] content, String... words) {
    add(name, folder -> writeWeights(folder, content), named(WEIGHTS, words));
  }

  private void header(String name, String header, String... words) {
    weights(name, file(header, validData()), words);
  }

  private void one(String name, String dtype, String shape, String offsets, String... words) {
    header(
        name,
        "{\"a\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%s]}}"
            .formatted(dtype, shape, offsets),
        named("tensor a", words));
  }

  private void index(String name, String json, String... words) {
    sharded(name, folder -> Files.writeString(folder.resolve(INDEX), json), words);
  }

  private void sharded(String name, Change change, String... words) {
    add(
        name,
        folder -> {
          TestCheckpoints.validSharded(folder);
          change.in(folder);
          return folder;
        },
        words);
  }

  private static String[] named(String first, String[] words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add(first);
    return all.toArray(String[]::new);
  }

  private static Path writeWeights(Path folder, byte[] content) throws IOException {
    TestCheckpoints.configuration(folder);
    Files.write(folder.resolve(WEIGHTS), content);
    return folder;
  }

  private static byte[] length(long length) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
  }

  private static byte[] withLength(long length, String header, byte[] data) {
    byte[] content = file(header, data);
    ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
    return content;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] concatenate(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }
}
