package org.espalier.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.BlockSource;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/** A plan applied as a mask and as a cut gives the same logits, whatever it removes. */
class MaskAndCutTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @Property(tries = 6)
  void agree_on_every_test_model_for_random_plans(@ForAll long seed) {
    for (String model :
        List.of(
            "models/tiny-mha",
            "families/llama-gqa-llama3rope",
            "families/llama-tied-headdim-bias",
            "families/mistral-sliding",
            "families/qwen2-tied",
            "families/llama-bf16",
            "families/qwen3",
            "families/gemma2",
            "families/gemma3",
            "families/phi3")) {
      try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.resolve(model));
          Decoder decoder = Decoder.open(checkpoint, Device.cpu(), BlockPlacement.STREAMED)) {
        SplittableRandom random = new SplittableRandom(seed);
        Plan plan = randomPlan(decoder.config(), random);
        int[][] ids = {
          random.ints(20, 0, decoder.config().vocabularySize()).toArray(),
          random.ints(20, 0, decoder.config().vocabularySize()).toArray()
        };
        int headSize = decoder.config().headSize();
        try (TorchScope scope = TorchScope.open(Device.cpu())) {
          NDArray masked =
              logits(decoder, new MaskedBlocks(decoder.blocks(), plan, headSize), scope, ids);
          NDArray cut =
              logits(decoder, new CutBlocks(decoder.blocks(), plan, headSize), scope, ids);

          assertThat(masked.sub(cut).abs().max().getFloat()).as(model).isLessThan(1e-4f);
        }
      }
    }
  }

  private static NDArray logits(
      Decoder decoder, BlockSource blocks, TorchScope scope, int[][] ids) {
    Decoder planned = decoder.withBlocks(blocks);
    return planned.logits(planned.forward(scope.tokens(ids), Progress.SILENT));
  }

  /** Any units, none and all included, with random compensations of every form. */
  private static Plan randomPlan(DecoderConfig config, SplittableRandom random) {
    List<BlockPlan> blocks = new ArrayList<>();
    Map<SubLayer, OutputRepair> repairs = new HashMap<>();
    for (int block = 0; block < config.blocks(); block++) {
      BlockShape dense = config.shape(block);
      BlockPlan plan =
          new BlockPlan(
              dense, subset(dense.headGroups(), random), subset(dense.channels(), random));
      blocks.add(plan);
      for (SubLayer subLayer : List.of(SubLayer.attention(block), SubLayer.feedForward(block))) {
        int inputs =
            subLayer.kind() == SubLayerKind.ATTENTION
                ? plan.pruned().queryHeads() * config.headSize()
                : plan.pruned().channels();
        repairs.put(subLayer, randomRepair(config.hiddenSize(), inputs, random));
      }
    }
    return new Plan(
        "",
        "",
        "random",
        Map.of(),
        new Target(0, RatioDefinition.UNIT),
        "",
        blocks,
        new Compensation(repairs));
  }

  private static OutputRepair randomRepair(int hidden, int inputs, SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> OutputRepair.bias(values(hidden, random));
      case 1 -> OutputRepair.affine(values(hidden, random), values(hidden, random));
      case 2 -> OutputRepair.replacement(values(hidden * inputs, random), Optional.empty());
      default ->
          OutputRepair.replacement(
              values(hidden * inputs, random), Optional.of(values(hidden, random)));
    };
  }

  private static float[] values(int count, SplittableRandom random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-0.1, 0.1);
    }
    return values;
  }

  private static UnitSet subset(int count, SplittableRandom random) {
    double share = random.nextInt(4) / 3.0;
    return UnitSet.of(
        IntStream.range(0, count).filter(unit -> random.nextDouble() < share).toArray());
  }
}
