# Written by Espalier. Licensed under the Apache License, Version 2.0.
"""A Llama-style decoder whose blocks may all have different widths.

The layout is the one that Llama, Mistral and Qwen2 share: norm, rotary attention with grouped key-value
heads, norm, gated feed-forward. ``per_layer_config`` in config.json gives the widths of every block that
differs from the global ones; a width of 0 means that the sub-layer was removed. ``biases`` names the
projections that have a bias. What other families add is switched on by ``head_norms``, ``post_norms``,
``norm_offset``, ``embedding_scale``, ``query_scale``, the two soft caps and ``windows`` (the sliding window of
every block, 0 for none). Runs with Transformers 4.57 and 5.
"""

import copy
import math
from types import SimpleNamespace

import torch
import transformers
from torch import nn
from transformers import DynamicCache, GenerationMixin, PretrainedConfig, PreTrainedModel
from transformers.activations import ACT2FN
from transformers.modeling_outputs import CausalLMOutputWithPast


class EspalierConfig(PretrainedConfig):
    model_type = "espalier_@family@"
    keys_to_ignore_at_inference = ["past_key_values"]

    def __init__(
        self,
        vocab_size=32000,
        hidden_size=4096,
        head_dim=128,
        intermediate_size=11008,
        num_hidden_layers=32,
        num_attention_heads=32,
        num_key_value_heads=32,
        max_position_embeddings=2048,
        initializer_range=0.02,
        rms_norm_eps=1e-6,
        rope_parameters=None,
        rope_local_base_freq=None,
        sliding_window=None,
        windows=None,
        biases=(),
        hidden_act="silu",
        head_norms=False,
        post_norms=False,
        norm_offset=0.0,
        embedding_scale=1.0,
        query_scale=None,
        attn_logit_softcapping=None,
        final_logit_softcapping=None,
        use_cache=True,
        tie_word_embeddings=False,
        per_layer_config=None,
        **kwargs,
    ):
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        self.head_dim = head_dim
        self.intermediate_size = intermediate_size
        self.num_hidden_layers = num_hidden_layers
        self.num_attention_heads = num_attention_heads
        self.num_key_value_heads = num_key_value_heads
        self.max_position_embeddings = max_position_embeddings
        self.initializer_range = initializer_range
        self.rms_norm_eps = rms_norm_eps
        self.rope_parameters = rope_parameters or {"rope_type": "default", "rope_theta": 10000.0}
        self.rope_local_base_freq = rope_local_base_freq
        self.sliding_window = sliding_window
        self.windows = windows
        self.biases = list(biases)
        self.hidden_act = hidden_act
        self.head_norms = head_norms
        self.post_norms = post_norms
        self.norm_offset = norm_offset
        self.embedding_scale = embedding_scale
        self.query_scale = query_scale or head_dim**-0.5
        self.attn_logit_softcapping = attn_logit_softcapping
        self.final_logit_softcapping = final_logit_softcapping
        self.use_cache = use_cache
        super().__init__(
            tie_word_embeddings=tie_word_embeddings, per_layer_config=per_layer_config or {}, **kwargs
        )

    def _validate_longrope_rope_parameters(self, *args, **kwargs):
        """Nothing: Transformers 5 would look at the global number of heads, which blocks may overrule."""

    def block(self, index):
        """What one block sees: the global values with its own on top."""
        overrides = self.per_layer_config
        if not isinstance(overrides, dict):  # Transformers 5 resolves them itself
            return overrides[index]
        block = copy.copy(self)
        for key, own in overrides.items():
            if int(key) == index:
                for name, value in own.items():
                    setattr(block, name, value)
        return block

    @property
    def block_configs(self):
        """Every block as the DeciLM class of vLLM asks for it."""
        return [deci_block(self.block(index)) for index in range(self.num_hidden_layers)]

    def window(self, index):
        """How many latest positions a query of one block sees; None means all."""
        return self.sliding_window if self.windows is None else self.windows[index] or None

    def rotary(self, index):
        """Rotary parameters of one block: those with a window may have a base frequency of their own."""
        if self.rope_local_base_freq is not None and self.window(index) is not None:
            return {"rope_type": "default", "rope_theta": self.rope_local_base_freq}
        return self.rope_parameters


def deci_block(block):
    heads, groups = block.num_attention_heads, block.num_key_value_heads
    attention = SimpleNamespace(no_op=heads == 0, n_heads_in_group=heads // groups if groups else None)
    ffn = SimpleNamespace(no_op=block.intermediate_size == 0, intermediate_size=block.intermediate_size)
    return SimpleNamespace(attention=attention, ffn=ffn)


class EspalierRMSNorm(nn.Module):
    def __init__(self, size, config):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = config.rms_norm_eps
        self.offset = config.norm_offset

    def forward(self, hidden):
        wide = hidden.float()
        wide = wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + self.eps)
        if self.offset:
            return (wide * (self.offset + self.weight.float())).to(hidden.dtype)
        return self.weight * wide.to(hidden.dtype)


class EspalierConstant(nn.Module):
    """What is left of an output projection whose sub-layer was removed: its bias."""

    def __init__(self, size):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(size))

    def forward(self, hidden):
        return self.bias.expand_as(hidden)


def inverse_frequencies(parameters, size, length, device):
    """Rotary frequencies, plain or rescaled for longer contexts, and the amplitude of their waves."""
    exponents = torch.arange(0, size, 2, dtype=torch.float32, device=device) / size
    theta = parameters["rope_theta"]
    frequencies = 1.0 / (theta**exponents)
    kind = parameters.get("rope_type", "default")
    if kind == "default":
        return frequencies, 1.0
    if kind == "linear":
        return frequencies / parameters["factor"], 1.0
    original = parameters["original_max_position_embeddings"]
    if kind == "llama3":
        low, high = parameters["low_freq_factor"], parameters["high_freq_factor"]
        turns = original * frequencies / (2 * math.pi)
        keep = ((turns - low) / (high - low)).clamp(0, 1)
        return keep * frequencies + (1 - keep) * frequencies / parameters["factor"], 1.0
    if kind == "yarn":

        def coordinate(turns):
            return size * math.log(original / (turns * 2 * math.pi)) / (2 * math.log(theta))

        low, high = coordinate(parameters["beta_fast"]), coordinate(parameters["beta_slow"])
        if parameters["truncate"]:
            low, high = math.floor(low), math.ceil(high)
        low, high = max(low, 0), min(high, size - 1)
        steps = torch.arange(size // 2, dtype=torch.float32, device=device)
        stretched = ((steps - low) / (high - low or 0.001)).clamp(0, 1)
        return frequencies * (stretched / parameters["factor"] + 1 - stretched), parameters["attention_factor"]
    if kind == "longrope":
        factors = parameters["long_factor" if length > original else "short_factor"]
        factors = torch.tensor(factors, dtype=torch.float32, device=device)
        return frequencies / factors, parameters["attention_factor"]
    raise ValueError(f"rope_type {kind!r} is not known to this model")


def rotate(states, cosine, sine):
    first, second = states.chunk(2, dim=-1)
    return states * cosine + torch.cat((-second, first), dim=-1) * sine


class EspalierAttention(nn.Module):
    def __init__(self, config, cache_index, window):
        super().__init__()
        size, width = config.head_dim, config.hidden_size
        heads, groups = config.num_attention_heads, config.num_key_value_heads
        bias = {name: f"self_attn.{name}" in config.biases for name in ("q_proj", "k_proj", "v_proj", "o_proj")}
        self.head_dim = size
        self.cache_index = cache_index
        self.window = window
        self.queries_per_group = heads // groups
        self.scale = config.query_scale
        self.cap = config.attn_logit_softcapping
        if config.head_norms:
            self.q_norm = EspalierRMSNorm(size, config)
            self.k_norm = EspalierRMSNorm(size, config)
        self.q_proj = nn.Linear(width, heads * size, bias=bias["q_proj"])
        self.k_proj = nn.Linear(width, groups * size, bias=bias["k_proj"])
        self.v_proj = nn.Linear(width, groups * size, bias=bias["v_proj"])
        self.o_proj = nn.Linear(heads * size, width, bias=bias["o_proj"])

    def forward(self, hidden, cosine, sine, visible, cache):
        shape = (*hidden.shape[:-1], -1, self.head_dim)
        query = self.q_proj(hidden).view(shape)
        key = self.k_proj(hidden).view(shape)
        if hasattr(self, "q_norm"):
            query, key = self.q_norm(query), self.k_norm(key)
        query = rotate(query.transpose(1, 2), cosine, sine)
        key = rotate(key.transpose(1, 2), cosine, sine)
        value = self.v_proj(hidden).view(shape).transpose(1, 2)
        if cache is not None:
            key, value = cache.update(key, value, self.cache_index)
        key = key.repeat_interleave(self.queries_per_group, dim=1)
        value = value.repeat_interleave(self.queries_per_group, dim=1)
        mask = visible(key.shape[-2], self.window)
        if self.cap is None:
            mixed = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=mask, scale=self.scale)
        else:
            scores = torch.tanh(query @ key.transpose(2, 3) * self.scale / self.cap) * self.cap + mask
            mixed = scores.float().softmax(-1).to(query.dtype) @ value
        return self.o_proj(mixed.transpose(1, 2).flatten(2))


class EspalierFeedForward(nn.Module):
    def __init__(self, config):
        super().__init__()
        width, channels = config.hidden_size, config.intermediate_size
        self.gate_proj = nn.Linear(width, channels, bias="mlp.gate_proj" in config.biases)
        self.up_proj = nn.Linear(width, channels, bias="mlp.up_proj" in config.biases)
        self.down_proj = nn.Linear(channels, width, bias="mlp.down_proj" in config.biases)
        self.activation = ACT2FN[config.hidden_act]

    def forward(self, hidden):
        return self.down_proj(self.activation(self.gate_proj(hidden)) * self.up_proj(hidden))


class EspalierBlock(nn.Module):
    def __init__(self, config, cache_index, window):
        super().__init__()
        self.has_attention = config.num_attention_heads > 0
        self.has_feed_forward = config.intermediate_size > 0
        attention_acts, feed_forward_acts = self.has_attention, self.has_feed_forward
        if self.has_attention:
            self.input_layernorm = EspalierRMSNorm(config.hidden_size, config)
            self.self_attn = EspalierAttention(config, cache_index, window)
        elif "self_attn.o_proj" in config.biases:
            self.self_attn = nn.ModuleDict({"o_proj": EspalierConstant(config.hidden_size)})
            attention_acts = True
        # With norms behind both sub-layers, the one before the feed-forward sub-layer has another name.
        before = "pre_feedforward_layernorm" if config.post_norms else "post_attention_layernorm"
        if self.has_feed_forward:
            setattr(self, before, EspalierRMSNorm(config.hidden_size, config))
            self.mlp = EspalierFeedForward(config)
        elif "mlp.down_proj" in config.biases:
            self.mlp = nn.ModuleDict({"down_proj": EspalierConstant(config.hidden_size)})
            feed_forward_acts = True
        if config.post_norms and attention_acts:
            self.post_attention_layernorm = EspalierRMSNorm(config.hidden_size, config)
        if config.post_norms and feed_forward_acts:
            self.post_feedforward_layernorm = EspalierRMSNorm(config.hidden_size, config)
        self.post_norms = config.post_norms

    def forward(self, hidden, cosine, sine, visible, cache):
        if hasattr(self, "self_attn"):
            if self.has_attention:
                branch = self.self_attn(self.input_layernorm(hidden), cosine, sine, visible, cache)
            else:
                branch = self.self_attn["o_proj"](hidden)
            hidden = hidden + (self.post_attention_layernorm(branch) if self.post_norms else branch)
        if hasattr(self, "mlp"):
            if self.has_feed_forward:
                before = self.pre_feedforward_layernorm if self.post_norms else self.post_attention_layernorm
                branch = self.mlp(before(hidden))
            else:
                branch = self.mlp["down_proj"](hidden)
            hidden = hidden + (self.post_feedforward_layernorm(branch) if self.post_norms else branch)
        return hidden


class EspalierPreTrainedModel(PreTrainedModel):
    config_class = EspalierConfig
    base_model_prefix = "model"
    _no_split_modules = ["EspalierBlock"]
    _skip_keys_device_placement = ["past_key_values"]
    _supports_sdpa = True


class EspalierModel(EspalierPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList()
        attentions = 0  # the cache counts only blocks that have attention
        for index in range(config.num_hidden_layers):
            block = config.block(index)
            self.layers.append(EspalierBlock(block, attentions, config.window(index)))
            attentions += self.layers[-1].has_attention
        self.norm = EspalierRMSNorm(config.hidden_size, config)
        self.post_init()

    def forward(self, hidden, attention_mask, position_ids, cache):
        past = cache.get_seq_length() if cache is not None else 0
        last = past + hidden.shape[1]
        if position_ids is None:
            position_ids = torch.arange(past, last, device=hidden.device)[None]
        length = int(position_ids.max()) + 1
        waves = {}

        def rotary(index):
            """Cosines and sines of one block, made once for all that share them."""
            parameters = self.config.rotary(index)
            key = parameters.get("rope_type"), parameters["rope_theta"]
            if key not in waves:
                frequencies, amplitude = inverse_frequencies(parameters, self.config.head_dim, length, hidden.device)
                angles = position_ids[:, None, :, None].float() * frequencies
                angles = torch.cat((angles, angles), dim=-1)
                waves[key] = tuple((wave * amplitude).to(hidden.dtype) for wave in (angles.cos(), angles.sin()))
            return waves[key]

        def visible(keys, window):
            """Added to the attention scores: 0 where a query sees a key, else the lowest number."""
            query = torch.arange(past, last, device=hidden.device)[:, None]
            key = torch.arange(last - keys, last, device=hidden.device)[None, :]
            allowed = key <= query
            if window is not None:
                allowed = allowed & (query - key < window)
            allowed = allowed[None, None]
            if attention_mask is not None:
                allowed = allowed & attention_mask[:, None, None, last - keys : last].bool()
            lowest = torch.finfo(hidden.dtype).min
            return torch.zeros(allowed.shape, dtype=hidden.dtype, device=hidden.device).masked_fill(~allowed, lowest)

        if self.config.embedding_scale != 1:
            hidden = hidden * torch.tensor(self.config.embedding_scale, dtype=hidden.dtype)
        for index, block in enumerate(self.layers):
            hidden = block(hidden, *rotary(index), visible, cache)
        return self.norm(hidden)


class EspalierForCausalLM(EspalierPreTrainedModel, GenerationMixin):
    _tied_weights_keys = (
        {"lm_head.weight": "model.embed_tokens.weight"}
        if int(transformers.__version__.split(".")[0]) >= 5
        else ["lm_head.weight"]
    )

    def __init__(self, config):
        super().__init__(config)
        self.model = EspalierModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def prepare_inputs_for_generation(self, input_ids, past_key_values=None, **kwargs):
        rotary = self.config.rope_parameters
        if past_key_values is not None and rotary.get("rope_type") == "longrope":
            if past_key_values.get_seq_length() <= rotary["original_max_position_embeddings"] < input_ids.shape[1]:
                # The text has become a long one: all keys turn by other angles from here on.
                past_key_values = None
                kwargs.pop("next_sequence_length", None)
                kwargs.pop("position_ids", None)
        return super().prepare_inputs_for_generation(input_ids, past_key_values=past_key_values, **kwargs)

    def forward(
        self,
        input_ids=None,
        attention_mask=None,
        position_ids=None,
        past_key_values=None,
        inputs_embeds=None,
        labels=None,
        use_cache=None,
        logits_to_keep=0,
        **kwargs,
    ):
        if (input_ids is None) == (inputs_embeds is None):
            raise ValueError("give either input_ids or inputs_embeds")
        if attention_mask is not None and attention_mask.dim() != 2:
            raise ValueError("attention_mask must be [batch, positions]")
        if inputs_embeds is None:
            inputs_embeds = self.model.embed_tokens(input_ids)
        use_cache = self.config.use_cache and not self.training if use_cache is None else use_cache
        if use_cache and past_key_values is None:
            past_key_values = DynamicCache()
        hidden = self.model(inputs_embeds, attention_mask, position_ids, past_key_values if use_cache else None)
        kept = slice(-logits_to_keep, None) if isinstance(logits_to_keep, int) else logits_to_keep
        logits = self.lm_head(hidden[:, kept])
        cap = self.config.final_logit_softcapping
        if cap is not None:
            logits = torch.tanh(logits / cap) * cap
        loss = None
        if labels is not None:
            loss = self.loss_function(logits=logits, labels=labels, vocab_size=self.config.vocab_size)
        return CausalLMOutputWithPast(loss=loss, logits=logits, past_key_values=past_key_values)
