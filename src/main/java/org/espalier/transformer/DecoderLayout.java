package org.espalier.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
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
      TensorNames names = reader.names();
      Set<WeightSlot> expected = EnumSet.noneOf(WeightSlot.class);
      for (WeightSlot slot : WeightSlot.values()) {
        if (config.family().form().has(slot)) {
          known.add(names.stored(slot, block)); // empty left-overs of a removed one are harmless
          if (isExpected(slot, block, shape)) {
            expected.add(slot);
          }
        }
      }
      Map<WeightSlot, TensorInfo> found = new EnumMap<>(WeightSlot.class);
      for (TensorNames.Stored stored : names.stored(expected, block)) {
        found.putAll(parts(stored, shape));
      }
      return Collections.unmodifiableMap(found);
    }

    private boolean isExpected(WeightSlot slot, int block, BlockShape shape) {
      boolean inFile = checkpoint.tensors().containsKey(reader.names().stored(slot, block));
      if (shape.units(slot.kind()) > 0) {
        return !slot.isBias() || reader.declaresBias(slot) || inFile;
      }
      // Of a removed sub-layer only an output bias still acts, and the norm that it passes.
      WeightSlot bias = WeightSlot.outputBias(slot.kind());
      return slot == bias && inFile
          || slot.isPostNorm()
              && checkpoint.tensors().containsKey(reader.names().stored(bias, block));
    }

    /** The slots that one tensor holds, each as the rows that are its own. */
    private Map<WeightSlot, TensorInfo> parts(TensorNames.Stored stored, BlockShape shape) {
      List<long[]> dimensions =
          stored.slots().stream()
              .map(slot -> slot.dimensions(shape, config.hiddenSize(), config.headSize()))
              .toList();
      long[] whole = dimensions.get(0).clone();
      whole[0] = dimensions.stream().mapToLong(part -> part[0]).sum();
      TensorInfo tensor = required(stored.name(), whole);
      if (dimensions.size() == 1) {
        return Map.of(stored.slots().get(0), tensor);
      }
      Map<WeightSlot, TensorInfo> parts = new EnumMap<>(WeightSlot.class);
      long start = 0;
      for (int i = 0; i < dimensions.size(); i++) {
        parts.put(stored.slots().get(i), tensor.rows(start, dimensions.get(i)[0]));
        start += dimensions.get(i)[0];
      }
      return parts;
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
