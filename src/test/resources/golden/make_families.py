"""Makes reference checkpoints of decoder families with Transformers: random weights, float32, eager attention.

Usage: make_families.py FOLDER [NAME...]; writes FOLDER/NAME/{config.json, config_v4.json, golden.json, model.safetensors}.
config.json has the keys of Transformers 5, config_v4.json those of 4 for the same model. golden.json holds the ids, the
logits of positions 40 to 47 and 16 greedy ids, computed without a cache, and which versions made them.
"""

import json
import pathlib
import shutil
import sys
import tempfile

import torch
import transformers
from safetensors.torch import save_file

VOCABULARY = 259
SIZES = dict(
    vocab_size=VOCABULARY,
    hidden_size=32,
    intermediate_size=64,
    num_hidden_layers=3,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=128,
    rms_norm_eps=1e-5,
    initializer_range=0.25,
    bos_token_id=1,
    eos_token_id=2,
    pad_token_id=0,
    attn_implementation="eager",
)
LONG = [1.0, 1.25, 2.0, 3.5]
SHORT = [1.0, 1.05, 1.1, 1.3]


def longrope(original):
    parameters = {
        "rope_type": "longrope",
        "rope_theta": 10000.0,
        "short_factor": SHORT,
        "long_factor": LONG,
        "original_max_position_embeddings": original,
    }
    older = {
        "rope_theta": 10000.0,
        "rope_scaling": {"type": "longrope", "short_factor": SHORT, "long_factor": LONG},
        "original_max_position_embeddings": original,
    }
    config = transformers.Phi3Config(
        **SIZES, rope_parameters=parameters, original_max_position_embeddings=original, sliding_window=40
    )
    return config, older


def yarn():
    scaling = {
        "rope_type": "yarn",
        "factor": 4.0,
        "original_max_position_embeddings": 16,
        "beta_fast": 2.0,
        "beta_slow": 1.0,
    }
    sizes = SIZES | {"max_position_embeddings": 64}
    config = transformers.LlamaConfig(**sizes, head_dim=32, rope_parameters=scaling | {"rope_theta": 100.0})
    return config, {"rope_theta": 100.0, "rope_scaling": scaling}


def gemma3():
    scaling = {"rope_type": "linear", "factor": 8.0}
    sizes = SIZES | {"num_hidden_layers": 4, "max_position_embeddings": 256}
    config = transformers.Gemma3TextConfig(
        **sizes,
        head_dim=20,
        query_pre_attn_scalar=24,
        sliding_window=12,
        layer_types=["sliding_attention", "sliding_attention", "full_attention", "sliding_attention"],
        rope_parameters={
            "full_attention": scaling | {"rope_theta": 500000.0},
            "sliding_attention": {"rope_type": "default", "rope_theta": 5000.0},
        },
    )
    older = {
        "rope_theta": 500000.0,
        "rope_local_base_freq": 5000.0,
        "rope_scaling": scaling,
        "sliding_window_pattern": 3,
        "layer_types": None,
    }
    return config, older


def qwen2_sliding():
    config = transformers.Qwen2Config(**SIZES, use_sliding_window=True, sliding_window=12, max_window_layers=1)
    return config, {"rope_theta": 10000.0, "max_window_layers": 1, "layer_types": None}


MODELS = {
    "gemma3": gemma3,
    "llama-yarn": yarn,
    "phi3-longrope": lambda: longrope(32),  # the 48 ids are a long text
    "phi3-longrope-crossing": lambda: longrope(52),  # the text becomes long while it is continued
    "qwen2-sliding": qwen2_sliding,
}


def continued(model, ids):
    """16 greedy ids, and the least lead of any over the next best."""
    lead = float("inf")
    for _ in range(16):
        best = model(ids, use_cache=False).logits[:, -1].topk(2)
        lead = min(lead, (best.values[:, 0] - best.values[:, 1]).min().item())
        ids = torch.cat([ids, best.indices[:, :1]], dim=1)
    return ids[:, -16:], lead


def check_older_keys(folder, ids, logits):
    with tempfile.TemporaryDirectory() as copy:
        copy = pathlib.Path(copy)
        shutil.copy(folder / "model.safetensors", copy)
        shutil.copy(folder / "config_v4.json", copy / "config.json")
        model = transformers.AutoModelForCausalLM.from_pretrained(copy, attn_implementation="eager").eval()
        with torch.no_grad():
            difference = (model(ids).logits[:, 40:48] - logits).abs().max().item()
    if difference > 1e-5:
        sys.exit(f"{folder}: the older keys give logits that differ by {difference}")


def make(folder, name):
    config, older = MODELS[name]()
    for seed in range(1000):
        torch.manual_seed(seed)
        model = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.float32).eval()
        with torch.no_grad():
            for key, parameter in model.named_parameters():
                if "norm" in key:
                    parameter.uniform_(*((-0.4, 0.6) if "gemma" in name else (0.5, 1.5)))
                elif key.endswith("bias"):
                    parameter.normal_(0, 0.3)
            ids = torch.randint(3, VOCABULARY, (2, 48))
            logits = model(ids).logits[:, 40:48]
            greedy, lead = continued(model, ids)
        if lead > 0.05 and not (greedy == config.eos_token_id).any():
            break
    else:
        sys.exit(f"{name}: no seed gives clear greedy ids")
    folder.mkdir(parents=True, exist_ok=True)
    weights = {key: tensor.contiguous() for key, tensor in model.state_dict().items()}
    if config.tie_word_embeddings:
        del weights["lm_head.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    model.config.save_pretrained(folder)
    keys = json.loads((folder / "config.json").read_text())
    del keys["rope_parameters"]
    keys["torch_dtype"] = keys.pop("dtype")
    keys = {key: value for key, value in (keys | older).items() if value is not None or key == "sliding_window"}
    (folder / "config_v4.json").write_text(json.dumps(keys, indent=2) + "\n")
    check_older_keys(folder, ids, logits)
    golden = {
        "family": name,
        "transformers": transformers.__version__,
        "torch": torch.__version__,
        "seed": seed,
        "attn_implementation": "eager",
        "input_ids": ids.tolist(),
        "logit_positions": list(range(40, 48)),
        "logits": logits.tolist(),
        "greedy_ids": greedy.tolist(),
        "greedy_min_margin": lead,
    }
    (folder / "golden.json").write_text(json.dumps(golden))
    print(name, "seed", seed, "lead", round(lead, 3))


target = pathlib.Path(sys.argv[1])
for chosen in sys.argv[2:] or MODELS:
    make(target / chosen, chosen)
