package org.espalier.pruning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.checkpoint.StrictJson;
import org.espalier.checkpoint.VectorFile;
import org.espalier.task.EspalierException;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.SubLayer;

/**
 * A plan on disk: {@code plan.json}, which a person can read, and beside it {@code
 * compensation.safetensors} with the bias, the scale and the new output projection (row by row) of
 * every sub-layer that has one.
 */
public final class PlanFile {
  public static final String NAME = "plan.json";
  public static final String COMPENSATION_NAME = "compensation.safetensors";
  private static final String HIDDEN = "hiddenChannels";
  private static final String FORMAT = "espalier-plan";

  /**
   * Version 1 knows biases only, version 2 knows no hidden channels; a plan that needs no more is
   * written as such.
   */
  private static final int VERSION = 3;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private PlanFile() {}

  /** The JSON document of a plan. */
  public static String json(Plan plan) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("format", FORMAT).put("version", version(plan));
    root.putObject("checkpoint")
        .put("name", plan.checkpointName())
        .put("hash", plan.checkpointHash());
    root.put("method", plan.method());
    ObjectNode parameters = root.putObject("parameters");
    plan.parameters().forEach(parameters::put);
    root.putObject("target")
        .put("ratio", plan.target().ratio())
        .put("of", plan.target().of().label());
    root.put("calibration", plan.protocol());
    if (!plan.compensation().isEmpty()) {
      root.put("compensation", COMPENSATION_NAME);
    }
    plan.hidden()
        .ifPresent(hidden -> putUnits(root.putObject(HIDDEN), hidden.kept(), hidden.dense()));
    ArrayNode blocks = root.putArray("blocks");
    for (int b = 0; b < plan.blocks().size(); b++) {
      BlockPlan block = plan.blocks().get(b);
      ObjectNode node = blocks.addObject().put("block", b);
      node.put("queryHeadsPerGroup", block.dense().queryHeadsPerGroup());
      putUnits(node.putObject("headGroups"), block.headGroups(), block.dense().headGroups());
      putUnits(node.putObject("channels"), block.channels(), block.dense().channels());
    }
    try {
      return MAPPER.writeValueAsString(root) + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException("a tree in memory is always writable", e);
    }
  }

  private static int version(Plan plan) {
    if (plan.hidden().isPresent()) {
      return VERSION;
    }
    return plan.compensation().isBiasOnly() ? 1 : 2;
  }

  private static void putUnits(ObjectNode node, UnitSet kept, int of) {
    node.put("kept", kept.toString()).put("count", kept.size()).put("of", of);
  }

  /** Writes the plan's files into a folder that exists. */
  public static void write(Path folder, Plan plan) {
    Path file = folder.resolve(NAME);
    try {
      if (!plan.compensation().isEmpty()) {
        VectorFile.write(folder.resolve(COMPENSATION_NAME), vectors(plan.compensation()));
      }
      Files.writeString(file, json(plan));
    } catch (IOException e) {
      throw new EspalierException(
          "The plan could not be written to " + file + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, double[]> vectors(Compensation compensation) {
    Map<String, double[]> vectors = new LinkedHashMap<>();
    compensation
        .repairs()
        .forEach((subLayer, repair) -> vectors.putAll(repair.vectors(tensorName(subLayer))));
    return vectors;
  }

  private static String tensorName(SubLayer subLayer) {
    return "block." + subLayer.block() + "." + subLayer.kind();
  }

  /**
   * Reads a plan from a folder.
   *
   * @throws EspalierException naming the file and what is wrong with it
   */
  public static Plan read(Path folder) {
    Path file = folder.resolve(NAME);
    JsonNode root = StrictJson.readObject(file);
    try {
      int version = root.path("version").asInt();
      if (!root.path("format").asText().equals(FORMAT) || version < 1 || version > VERSION) {
        throw new IllegalArgumentException(
            "it is not a plan of version 1 to " + VERSION + " of this program");
      }
      Map<String, String> parameters = new LinkedHashMap<>();
      required(root, "parameters")
          .properties()
          .forEach(entry -> parameters.put(entry.getKey(), entry.getValue().asText()));
      List<BlockPlan> blocks = new ArrayList<>();
      for (JsonNode node : required(root, "blocks")) {
        blocks.add(block(node, blocks.size()));
      }
      JsonNode target = required(root, "target");
      JsonNode checkpoint = required(root, "checkpoint");
      return new Plan(
          required(checkpoint, "name").asText(),
          required(checkpoint, "hash").asText(),
          required(root, "method").asText(),
          parameters,
          new Target(
              required(target, "ratio").asDouble(), definition(required(target, "of").asText())),
          required(root, "calibration").asText(),
          blocks,
          root.has("compensation") ? compensation(folder, blocks.size()) : Compensation.NONE,
          root.has(HIDDEN) ? Optional.of(hidden(root.get(HIDDEN))) : Optional.empty());
    } catch (IllegalArgumentException e) {
      throw new EspalierException(
          "The plan " + file + " cannot be used: " + e.getMessage() + ".", e);
    }
  }

  private static HiddenPlan hidden(JsonNode node) {
    int dense = count(node, "of");
    return new HiddenPlan(dense, units(node, dense));
  }

  private static BlockPlan block(JsonNode node, int index) {
    if (required(node, "block").asInt(-1) != index) {
      throw new IllegalArgumentException("blocks are not listed in order at block " + index);
    }
    JsonNode headGroups = required(node, "headGroups");
    JsonNode channels = required(node, "channels");
    int groups = count(headGroups, "of");
    BlockShape dense =
        new BlockShape(
            Math.multiplyExact(groups, count(node, "queryHeadsPerGroup")),
            groups,
            count(channels, "of"));
    return new BlockPlan(
        dense, units(headGroups, dense.headGroups()), units(channels, dense.channels()));
  }

  private static UnitSet units(JsonNode node, int count) {
    return UnitSet.parse(required(node, "kept").asText(), count);
  }

  private static int count(JsonNode node, String name) {
    int count = required(node, name).asInt(-1);
    if (count < 0 || count > 10_000_000) {
      throw new IllegalArgumentException("'" + name + "' is not a sensible number");
    }
    return count;
  }

  private static JsonNode required(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null) {
      throw new IllegalArgumentException("'" + name + "' is missing");
    }
    return value;
  }

  private static RatioDefinition definition(String label) {
    return Arrays.stream(RatioDefinition.values())
        .filter(definition -> definition.label().equals(label))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("'" + label + "' is no definition of a ratio"));
  }

  private static Compensation compensation(Path folder, int blocks) {
    Map<String, double[]> vectors = VectorFile.read(folder.resolve(COMPENSATION_NAME));
    Map<SubLayer, OutputRepair> repairs = new LinkedHashMap<>();
    for (int b = 0; b < blocks; b++) {
      for (SubLayer subLayer : List.of(SubLayer.attention(b), SubLayer.feedForward(b))) {
        OutputRepair.of(vectors, tensorName(subLayer))
            .ifPresent(repair -> repairs.put(subLayer, repair));
      }
    }
    return new Compensation(repairs);
  }
}
