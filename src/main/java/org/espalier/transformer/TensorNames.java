package org.espalier.transformer;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How the files of a family name the tensors of a block, and which of them are stored as one.
 *
 * @param modules the module of each slot's tensor within a block, for example {@code
 *     self_attn.q_proj}
 * @param fused tensors that hold several slots
 */
public record TensorNames(Map<WeightSlot, String> modules, List<Fused> fused) {
  /**
   * A tensor whose rows are those of several slots, one after the other.
   *
   * @param module for example {@code self_attn.qkv_proj}
   * @param slots all weights or all biases
   */
  public record Fused(String module, List<WeightSlot> slots) {
    public Fused {
      slots = List.copyOf(slots);
    }
  }

  /** One tensor of a file: a single slot's, or a fused one. */
  public record Stored(String name, List<WeightSlot> slots) {
    public Stored {
      slots = List.copyOf(slots);
    }
  }

  /** The names that Llama, Mistral and Qwen use. */
  public static final TensorNames LLAMA =
      new TensorNames(
          Map.ofEntries(
              Map.entry(WeightSlot.ATTENTION_NORM, "input_layernorm"),
              Map.entry(WeightSlot.QUERY, "self_attn.q_proj"),
              Map.entry(WeightSlot.KEY, "self_attn.k_proj"),
              Map.entry(WeightSlot.VALUE, "self_attn.v_proj"),
              Map.entry(WeightSlot.OUTPUT, "self_attn.o_proj"),
              Map.entry(WeightSlot.QUERY_BIAS, "self_attn.q_proj"),
              Map.entry(WeightSlot.KEY_BIAS, "self_attn.k_proj"),
              Map.entry(WeightSlot.VALUE_BIAS, "self_attn.v_proj"),
              Map.entry(WeightSlot.OUTPUT_BIAS, "self_attn.o_proj"),
              Map.entry(WeightSlot.QUERY_NORM, "self_attn.q_norm"),
              Map.entry(WeightSlot.KEY_NORM, "self_attn.k_norm"),
              Map.entry(WeightSlot.FEED_FORWARD_NORM, "post_attention_layernorm"),
              Map.entry(WeightSlot.GATE, "mlp.gate_proj"),
              Map.entry(WeightSlot.UP, "mlp.up_proj"),
              Map.entry(WeightSlot.DOWN, "mlp.down_proj"),
              Map.entry(WeightSlot.GATE_BIAS, "mlp.gate_proj"),
              Map.entry(WeightSlot.UP_BIAS, "mlp.up_proj"),
              Map.entry(WeightSlot.DOWN_BIAS, "mlp.down_proj")),
          List.of());

  public TensorNames {
    modules = Map.copyOf(modules);
    fused = List.copyOf(fused);
  }

  /** The same names but for one slot. */
  TensorNames with(WeightSlot slot, String module) {
    Map<WeightSlot, String> changed = new EnumMap<>(modules);
    changed.put(slot, module);
    return new TensorNames(changed, fused);
  }

  /** The same names but for slots that are stored as one tensor. */
  TensorNames withFused(String module, WeightSlot... slots) {
    return new TensorNames(
        modules,
        Stream.concat(fused.stream(), Stream.of(new Fused(module, List.of(slots)))).toList());
  }

  /** The names that they have where every slot is a tensor of its own. */
  public TensorNames unfused() {
    return new TensorNames(modules, List.of());
  }

  /** The module of a slot's tensor within a block, for example {@code mlp.up_proj}. */
  public String module(WeightSlot slot) {
    String module = modules.get(slot);
    if (module == null) {
      throw new IllegalArgumentException("this family has no " + slot);
    }
    return module;
  }

  private static String name(String module, WeightSlot slot, int block) {
    return "model.layers." + block + "." + module + (slot.isBias() ? ".bias" : ".weight");
  }

  /** The tensor that holds a slot in files, alone or with others. */
  public String stored(WeightSlot slot, int block) {
    return fused.stream()
        .filter(whole -> whole.slots().contains(slot))
        .findFirst()
        .map(whole -> name(whole.module(), slot, block))
        .orElseGet(() -> name(module(slot), slot, block));
  }

  /** The tensors that files have for some slots, in the order of the slots. */
  public List<Stored> stored(Iterable<WeightSlot> slots, int block) {
    Map<String, List<WeightSlot>> byName = new LinkedHashMap<>();
    for (WeightSlot slot : slots) {
      byName.computeIfAbsent(stored(slot, block), name -> new ArrayList<>()).add(slot);
    }
    return byName.entrySet().stream()
        .map(entry -> new Stored(entry.getKey(), entry.getValue()))
        .toList();
  }
}
