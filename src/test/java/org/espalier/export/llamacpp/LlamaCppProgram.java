package org.espalier.export.llamacpp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.CacheType;
import de.kherud.llama.args.PoolingType;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Opens GGUF files with llama.cpp and writes down what it says. Runs in a process of its own,
 * because native code that dislikes a file may end its process.
 */
final class LlamaCppProgram {
  static final int CANNOT_LOAD_NATIVE = 3;

  private LlamaCppProgram() {}

  /** Arguments: a file with questions, a file for the answers. */
  public static void main(String[] arguments) throws IOException {
    JsonMapper mapper = new JsonMapper();
    ArrayNode answers = mapper.createArrayNode();
    try {
      for (JsonNode question : mapper.readTree(Path.of(arguments[0]).toFile())) {
        answers.add(answer(question, mapper));
        mapper.writeValue(Path.of(arguments[1]).toFile(), answers);
      }
    } catch (UnsatisfiedLinkError | ExceptionInInitializerError | NoClassDefFoundError e) {
      System.out.println(e);
      System.exit(CANNOT_LOAD_NATIVE);
    }
    // Threads of the native library may go on.
    Runtime.getRuntime().halt(0);
  }

  private static ObjectNode answer(JsonNode question, JsonMapper mapper) {
    ObjectNode answer = mapper.createObjectNode();
    String prompt = question.get("prompt").textValue();
    int tokens = question.get("tokens").intValue();
    try (LlamaModel model = new LlamaModel(parameters(question))) {
      ArrayNode ids = answer.putArray("ids");
      for (int id : model.encode(prompt)) {
        ids.add(id);
      }
      InferenceParameters inference =
          new InferenceParameters(prompt).setNPredict(tokens).setTemperature(0).setRepeatPenalty(1);
      StringBuilder text = new StringBuilder();
      if (tokens > 0) {
        for (LlamaOutput output : model.generate(inference)) {
          text.append(output.text);
        }
      }
      answer.put("text", text.toString());
    }
    try (LlamaModel model =
        new LlamaModel(parameters(question).enableEmbedding().setPoolingType(PoolingType.LAST))) {
      ArrayNode direction = answer.putArray("direction");
      for (float element : model.embed(prompt)) {
        direction.add(element);
      }
    }
    return answer;
  }

  private static ModelParameters parameters(JsonNode question) {
    return new ModelParameters()
        .setModel(question.get("model").textValue())
        .setCtxSize(question.get("context").intValue())
        .setThreads(1)
        .setThreadsBatch(1)
        .setCacheTypeK(CacheType.F32)
        .setCacheTypeV(CacheType.F32)
        .skipWarmup()
        .setGpuLayers(0);
  }
}
