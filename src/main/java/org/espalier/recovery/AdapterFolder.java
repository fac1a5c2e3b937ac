package org.espalier.recovery;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.checkpoint.DType;
import org.espalier.checkpoint.TensorFile;
import org.espalier.checkpoint.TensorSpec;
import org.espalier.task.EspalierException;
import org.espalier.torch.TensorBytes;
import org.espalier.transformer.TensorNames;
import org.espalier.transformer.WeightSlot;

/**
 * Adapters alone, as the PEFT library reads them ({@code PeftModel.from_pretrained}): what a
 * training added, to be laid over the pruned model that it began from.
 */
final class AdapterFolder {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final String PREFIX = "base_model.model.";
  private static final String WEIGHT = ".weight";

  private AdapterFolder() {}

  /**
   * Writes a folder.
   *
   * @param base the checkpoint that the adapters belong to
   * @param names of the tensors in that checkpoint, each slot with one of its own
   */
  static void write(
      Path folder,
      Path base,
      TensorNames names,
      LowRankAdapters adapters,
      int blocks,
      RecoverySettings settings) {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    for (int block = 0; block < blocks; block++) {
      int at = block;
      adapters
          .of(block)
          .pairs()
          .forEach(
              (slot, pair) -> {
                String weight = names.stored(slot, at);
                String module = PREFIX + weight.substring(0, weight.length() - WEIGHT.length());
                tensors.put(module + ".lora_A" + WEIGHT, pair.narrow());
                tensors.put(module + ".lora_B" + WEIGHT, pair.wide());
              });
    }
    List<TensorSpec> specs = new ArrayList<>();
    tensors.forEach(
        (name, tensor) ->
            specs.add(
                new TensorSpec(
                    name,
                    DType.F32,
                    Arrays.stream(tensor.getShape().getShape()).boxed().toList())));
    try {
      Files.createDirectories(folder);
      Files.write(
          folder.resolve("adapter_config.json"),
          MAPPER.writeValueAsBytes(configuration(base, names, settings)));
    } catch (IOException e) {
      throw new EspalierException(
          "Cannot write the adapters to " + folder + ": " + e.getMessage(), e);
    }
    TensorFile.write(
        folder.resolve("adapter_model.safetensors"),
        specs,
        (spec, part) -> TensorBytes.read(tensors.get(spec.name()), DType.F32, part::write));
  }

  private static ObjectNode configuration(Path base, TensorNames names, RecoverySettings settings) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("peft_type", "LORA");
    json.put("task_type", "CAUSAL_LM");
    json.put("base_model_name_or_path", base.toString());
    json.put("r", settings.rank());
    json.put("lora_alpha", settings.scale() * settings.rank());
    json.put("lora_dropout", settings.dropout());
    json.put("bias", "none");
    json.put("inference_mode", true);
    ArrayNode targets = json.putArray("target_modules");
    for (WeightSlot slot : settings.targets()) {
      String module = names.module(slot);
      targets.add(module.substring(module.lastIndexOf('.') + 1));
    }
    return json;
  }
}
