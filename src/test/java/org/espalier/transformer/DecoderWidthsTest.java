package org.espalier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.espalier.checkpoint.CheckpointException;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.TorchScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecoderWidthsTest {
  private static final int[] IDS = {3, 1, 4, 1, 5, 9, 2, 6, 5, 35};
  private static final List<BlockShape> UNEVEN =
      List.of(
          new BlockShape(4, 2, 7),
          new BlockShape(2, 1, 12),
          new BlockShape(0, 0, 5),
          new BlockShape(4, 2, 0),
          new BlockShape(0, 0, 0));

  @TempDir Path folder;

  @Test
  void widths_may_differ_in_every_block_and_sub_layers_may_be_gone() {
    Path cut = new SmallCheckpoint(UNEVEN).write(folder.resolve("cut"));
    try (Decoder decoder = GoldenModel.open(cut, BlockPlacement.STREAMED)) {
      assertThat(decoder.config().shapes()).isEqualTo(UNEVEN);
      assertThat(GoldenModel.logitBits(decoder, new int[][] {IDS})).isNotEmpty();
    }
  }

  @Test
  void narrow_blocks_compute_what_blocks_filled_up_with_zeros_compute() {
    List<BlockShape> narrow = List.of(new BlockShape(4, 2, 7), new BlockShape(2, 1, 9));
    SmallCheckpoint checkpoint = new SmallCheckpoint(narrow);
    Path cut = checkpoint.write(folder.resolve("cut"));
    checkpoint.config.remove("per_layer_config");
    for (int block = 0; block < 2; block++) {
      checkpoint.pad(name(WeightSlot.GATE, block), 12, 16);
      checkpoint.pad(name(WeightSlot.UP, block), 12, 16);
      checkpoint.pad(name(WeightSlot.DOWN, block), 16, 12);
      checkpoint.pad(name(WeightSlot.QUERY, block), 16, 16);
      checkpoint.pad(name(WeightSlot.KEY, block), 8, 16);
      checkpoint.pad(name(WeightSlot.VALUE, block), 8, 16);
      checkpoint.pad(name(WeightSlot.OUTPUT, block), 16, 16);
    }
    Path whole = checkpoint.write(folder.resolve("whole"));

    try (Decoder first = GoldenModel.open(cut, BlockPlacement.RESIDENT);
        Decoder second = GoldenModel.open(whole, BlockPlacement.RESIDENT);
        TorchScope scope = TorchScope.open(Device.cpu())) {
      assertThat(GoldenModel.largestDifference(logits(first, scope), logits(second, scope)))
          .isLessThan(1e-5);
    }
  }

  @Test
  void generation_follows_the_widths_of_each_block() {
    Path cut = new SmallCheckpoint(UNEVEN).write(folder.resolve("cut"));
    try (Decoder decoder = GoldenModel.open(cut, BlockPlacement.RESIDENT_FLOAT32)) {
      List<Integer> added =
          new Generator(decoder).generate(IDS, 6, new Sampling.Greedy(), Progress.SILENT);

      List<Integer> expected = new ArrayList<>();
      try (TorchScope scope = TorchScope.open(Device.cpu())) {
        int[] text = IDS;
        for (int step = 0; step < 6; step++) {
          NDArray last =
              decoder.logits(decoder.forward(scope.tokens(text), Progress.SILENT)).get("0,-1");
          expected.add((int) last.argMax().getLong());
          text = Arrays.copyOf(text, text.length + 1);
          text[text.length - 1] = expected.get(step);
        }
      }
      assertThat(added).isEqualTo(expected);
    }
  }

  @Test
  void the_compensation_of_a_removed_sub_layer_is_added() {
    SmallCheckpoint checkpoint =
        new SmallCheckpoint(List.of(new BlockShape(0, 0, 0)))
            .random(name(WeightSlot.OUTPUT_BIAS, 0), 16)
            .random(name(WeightSlot.DOWN_BIAS, 0), 16);
    Path path = checkpoint.write(folder.resolve("biased"));
    try (Decoder decoder = GoldenModel.open(path, BlockPlacement.STREAMED);
        TorchScope scope = TorchScope.open(Device.cpu());
        BlockWeights weights = decoder.blocks().load(0)) {
      NDArray hidden = decoder.embed(scope.tokens(IDS));
      NDArray expected =
          hidden
              .add(weights.require(WeightSlot.OUTPUT_BIAS))
              .add(weights.require(WeightSlot.DOWN_BIAS));

      assertThat(GoldenModel.largestDifference(decoder.forward(0, weights, hidden), expected))
          .isZero();
      assertThat(
              GoldenModel.largestDifference(
                  decoder.forward(
                      0,
                      weights,
                      hidden,
                      (subLayer, activations) -> {
                        throw new AssertionError("a removed sub-layer has no activations");
                      }),
                  expected))
          .isZero();
    }
  }

  @Test
  void a_bias_may_be_in_one_block_only() {
    SmallCheckpoint checkpoint =
        new SmallCheckpoint(List.of(new BlockShape(4, 2, 7), new BlockShape(4, 2, 7)))
            .random(name(WeightSlot.DOWN_BIAS, 1), 16);
    try (Decoder decoder =
            GoldenModel.open(checkpoint.write(folder.resolve("one")), BlockPlacement.STREAMED);
        BlockWeights first = decoder.blocks().load(0);
        BlockWeights second = decoder.blocks().load(1)) {
      assertThat(first.get(WeightSlot.DOWN_BIAS)).isEmpty();
      assertThat(second.get(WeightSlot.DOWN_BIAS)).isPresent();
    }
  }

  @Test
  void an_unknown_family_is_named_with_the_known_ones() {
    SmallCheckpoint checkpoint = new SmallCheckpoint(UNEVEN);
    checkpoint.config.put("model_type", "mamba");

    assertRefused(checkpoint, "'mamba' is not supported; supported are llama, mistral, qwen2");
  }

  @Test
  void a_tensor_that_contradicts_the_configuration_is_named() {
    SmallCheckpoint checkpoint = new SmallCheckpoint(UNEVEN);
    checkpoint.config.withObject("/per_layer_config").withObject("/01").put("intermediate_size", 9);

    assertRefused(checkpoint, "model.layers.1.mlp.gate_proj.weight", "[12, 16]", "[9, 16]");
  }

  @Test
  void a_missing_tensor_is_named() {
    SmallCheckpoint checkpoint = new SmallCheckpoint(UNEVEN).without(name(WeightSlot.VALUE, 1));

    assertRefused(checkpoint, "model.layers.1.self_attn.v_proj.weight", "missing");
  }

  @Test
  void a_declared_bias_must_be_there() {
    SmallCheckpoint checkpoint = new SmallCheckpoint(UNEVEN);
    checkpoint.config.put("attention_bias", true);

    assertRefused(checkpoint, "q_proj.bias", "missing");
  }

  @Test
  void a_tensor_that_nothing_would_read_is_refused() {
    assertRefused(
        new SmallCheckpoint(UNEVEN).random("model.layers.0.self_attn.q_norm.weight", 4),
        "q_norm",
        "has no place in a llama model");
  }

  @Test
  void settings_that_would_compute_otherwise_are_refused() {
    for (String[] setting :
        new String[][] {
          {"hidden_act", "\"gelu\"", "silu"},
          {"rope_scaling", "{\"rope_type\": \"dynamic\", \"factor\": 4}", "dynamic"},
          {"rope_parameters", "{\"rope_type\": \"linear\"}", "factor"},
          {"partial_rotary_factor", "0.5", "partial_rotary_factor"},
          {"hidden_size", "[16, 16]", "hidden_size"},
          {"rms_norm_eps", "-1", "rms_norm_eps"},
          {"head_dim", "5", "even"},
          {"hidden_size", "\"\\u0000\\u202e\"", "hidden_size is ??,"},
          {"model_type", "\"\\u001b[2J\"", "'?[2J' is not supported"},
          {"num_hidden_layers", "268435456", "at most"},
          {"quantization_config", "{}", "quantised"},
          {"per_layer_config", "{\"7\": {}}", "per_layer_config"},
          {"per_layer_config", "{\"1\": {\"num_attention_heads\": 3}}", "multiple"}
        }) {
      SmallCheckpoint checkpoint = new SmallCheckpoint(UNEVEN);
      checkpoint.config.set(setting[0], parsed(setting[1]));

      assertRefused(checkpoint, setting[2]);
    }
  }

  private static JsonNode parsed(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private void assertRefused(SmallCheckpoint checkpoint, String... parts) {
    Path path = checkpoint.write(folder.resolve("refused" + System.nanoTime()));
    assertThatThrownBy(() -> GoldenModel.open(path, BlockPlacement.STREAMED))
        .isInstanceOfAny(EspalierException.class, CheckpointException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts));
  }

  private static NDArray logits(Decoder decoder, TorchScope scope) {
    return decoder.logits(decoder.forward(scope.tokens(IDS), Progress.SILENT));
  }

  private static String name(WeightSlot slot, int block) {
    return TensorNames.LLAMA.stored(slot, block);
  }
}
