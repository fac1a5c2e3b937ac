package org.espalier.recovery.sample;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.espalier.checkpoint.DType;
import org.espalier.checkpoint.TensorSpec;

/**
 * Sizes of the sample model: a Llama with grouped queries and tied embeddings.
 *
 * @param hidden width of the residual stream
 * @param blocks decoder blocks
 * @param queryHeads query heads of a block
 * @param keyHeads KV heads of a block
 * @param channels feed-forward channels of a block
 * @param vocabulary ids
 * @param positions longest sequence
 */
record SampleShape(
    int hidden,
    int blocks,
    int queryHeads,
    int keyHeads,
    int channels,
    int vocabulary,
    int positions) {
  static final double ROPE_THETA = 10_000;
  static final double EPSILON = 1e-5;
  static final double INITIAL_DEVIATION = 0.02;

  int headSize() {
    return hidden / queryHeads;
  }

  /** Every weight in the order of the training function: embedding, blocks, final norm. */
  List<TensorSpec> tensors() {
    long width = hidden;
    long query = (long) queryHeads * headSize();
    long key = (long) keyHeads * headSize();
    List<TensorSpec> tensors = new ArrayList<>();
    tensors.add(tensor("model.embed_tokens.weight", vocabulary, width));
    for (int block = 0; block < blocks; block++) {
      String name = "model.layers." + block + ".";
      tensors.add(tensor(name + "input_layernorm.weight", width));
      tensors.add(tensor(name + "self_attn.q_proj.weight", query, width));
      tensors.add(tensor(name + "self_attn.k_proj.weight", key, width));
      tensors.add(tensor(name + "self_attn.v_proj.weight", key, width));
      tensors.add(tensor(name + "self_attn.o_proj.weight", width, query));
      tensors.add(tensor(name + "post_attention_layernorm.weight", width));
      tensors.add(tensor(name + "mlp.gate_proj.weight", channels, width));
      tensors.add(tensor(name + "mlp.up_proj.weight", channels, width));
      tensors.add(tensor(name + "mlp.down_proj.weight", width, channels));
    }
    tensors.add(tensor("model.norm.weight", width));
    return tensors;
  }

  private static TensorSpec tensor(String name, Long... shape) {
    return new TensorSpec(name, DType.BF16, List.of(shape));
  }

  private static TensorSpec tensor(String name, long rows, long columns) {
    return new TensorSpec(name, DType.BF16, List.of(rows, columns));
  }

  long parameters() {
    return tensors().stream().mapToLong(tensor -> tensor.byteLength() / 2).sum();
  }

  /** The content of config.json. */
  ObjectNode configuration() {
    ObjectNode config = new ObjectMapper().createObjectNode();
    config.putArray("architectures").add("LlamaForCausalLM");
    config
        .put("model_type", "llama")
        .put("vocab_size", vocabulary)
        .put("hidden_size", hidden)
        .put("intermediate_size", channels)
        .put("num_hidden_layers", blocks)
        .put("num_attention_heads", queryHeads)
        .put("num_key_value_heads", keyHeads)
        .put("head_dim", headSize())
        .put("hidden_act", "silu")
        .put("max_position_embeddings", positions)
        .put("rms_norm_eps", EPSILON)
        .put("rope_theta", ROPE_THETA)
        .putNull("rope_scaling")
        .put("attention_bias", false)
        .put("mlp_bias", false)
        .put("attention_dropout", 0.0)
        .put("initializer_range", INITIAL_DEVIATION)
        .put("tie_word_embeddings", true)
        .put("bos_token_id", BytePairTrainer.BEGIN)
        .put("eos_token_id", BytePairTrainer.END)
        .put("use_cache", true)
        .put("torch_dtype", "bfloat16");
    return config;
  }
}
