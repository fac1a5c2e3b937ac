package org.espalier.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.checkpoint.CheckpointException;
import org.espalier.checkpoint.TensorInfo;

/**
 * Where a decoder's tensors lie in a checkpoint, with every shape held against config.json.
 *
 * @param embedding [V, d]
 * @param finalNorm [d]
 * @param head [V, d]; the embedding where they are tied
 * @param blocks the tensors of each block
 */
public record DecoderLayout(
    DecoderConfig config,
    TensorInfo embedding,
    TensorInfo finalNorm,
    TensorInfo head,
    List<Map<WeightSlot, TensorInfo>> blocks) {
  /** Name of the embedding tensor. */
  public static final String EMBEDDING = "model.embed_tokens.weight";

  /** Name of the final norm's weight. */
  public static final String FINAL_NORM = "model.norm.weight";

  /** Name of the head tensor; absent where it is tied to the embedding. */
  public static final String HEAD = "lm_head.weight";

  public DecoderLayout {
    blocks = List.copyOf(blocks);
  }

  /**
   * Reads config.json and finds the tensors.
   *
   * @throws org.espalier.task.EspalierException if the family is not supported, the configuration
   *     is damaged, or configuration and tensors contradict each other; the sentence names the
   *     tensor
   */
  public static DecoderLayout of(Checkpoint checkpoint) {
    ConfigReader reader = new ConfigReader(checkpoint.folder(), checkpoint.configuration());
    return new Finder(checkpoint, reader, reader.read()).find();
  }

  private static final class Finder {
    private final Checkpoint checkpoint;
    private final ConfigReader reader;
    private final DecoderConfig config;
    private final Set<String> known = new HashSet<>();

    Finder(Checkpoint checkpoint, ConfigReader reader, DecoderConfig config) {
      this.checkpoint = checkpoint;
      this.reader = reader;
      this.config = config;
    }

    DecoderLayout find() {
      long[] table = {config.vocabularySize(), config.hiddenSize()};
      TensorInfo embedding = required(EMBEDDING, table);
      TensorInfo norm = required(FINAL_NORM, config.hiddenSize());
      TensorInfo head = config.tiedEmbeddings() ? embedding : required(HEAD, table);
      known.add(HEAD);
      List<Map<WeightSlot, TensorInfo>> blocks = new ArrayList<>();
      for (int block = 0; block < config.blocks(); block++) {
        blocks.add(block(block));
      }
      refuseUnknown();
      return new DecoderLayout(config, embedding, norm, head, blocks);
    }

    private Map<WeightSlot, TensorInfo> block(int block) {
      BlockShape shape = config.shape(block);
      Map<WeightSlot, TensorInfo> found = new EnumMap<>(WeightSlot.class);
      for (WeightSlot slot : WeightSlot.values()) {
        String name = slot.tensorName(block);
        known.add(name);
        boolean present = shape.units(slot.kind()) > 0;
        if (!present && !slot.isOutputBias()) {
          continue; // a removed sub-layer; empty left-overs of it are harmless
        }
        boolean needed = present && (!slot.isBias() || reader.declaresBias(slot));
        if (needed || checkpoint.tensors().containsKey(name)) {
          found.put(
              slot, required(name, slot.dimensions(shape, config.hiddenSize(), config.headSize())));
        }
      }
      return Collections.unmodifiableMap(found);
    }

    private TensorInfo required(String name, long... dimensions) {
      known.add(name);
      TensorInfo tensor = checkpoint.tensor(name);
      if (!tensor.shape().equals(Arrays.stream(dimensions).boxed().toList())) {
        throw new CheckpointException(
            tensor.file(),
            name,
            "has shape "
                + tensor.shape()
                + ", but config.json asks for "
                + Arrays.toString(dimensions)
                + "; the two do not belong together");
      }
      switch (tensor.dtype()) {
        case F32, F16, BF16, F64 -> {}
        default ->
            throw new CheckpointException(
                tensor.file(),
                name,
                "holds "
                    + tensor.dtype()
                    + " elements; open a checkpoint with F32, F16 or BF16 weights");
      }
      return tensor;
    }

    /**
     * A tensor that nobody reads belongs to another architecture, which would compute otherwise.
     */
    private void refuseUnknown() {
      for (TensorInfo tensor : checkpoint.tensors().values()) {
        String name = tensor.name();
        if (!known.contains(name) && !name.endsWith(".rotary_emb.inv_freq")) {
          throw new CheckpointException(
              tensor.file(),
              name,
              "has no place in a "
                  + config.family().modelType()
                  + " model of "
                  + config.blocks()
                  + " blocks; the checkpoint is of another family or config.json is not its own");
        }
      }
    }
  }
}
