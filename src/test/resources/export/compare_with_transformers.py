"""Loads exported folders with Transformers and compares logits and cached generation.

Usage: compare_with_transformers.py FOLDER...; each folder holds probe.json with "ids" and the "logits" expected.
"""

import json
import pathlib
import sys

import torch
import transformers
from transformers import AutoModelForCausalLM

transformers.logging.set_verbosity_error()
failures = 0
for folder in map(pathlib.Path, sys.argv[1:]):
    code = {"trust_remote_code": True} if (folder / "modeling_espalier.py").exists() else {}
    capped = json.loads((folder / "config.json").read_text()).get("attn_logit_softcapping")
    eager = {"attn_implementation": "eager"} if capped and not code else {}
    model, info = AutoModelForCausalLM.from_pretrained(
        folder, output_loading_info=True, dtype=torch.float32, **code, **eager
    )
    model.eval()
    problems = [key for key in ("missing_keys", "unexpected_keys", "mismatched_keys") if info[key]]
    probe = json.loads((folder / "probe.json").read_text())
    ids = torch.tensor([probe["ids"]])
    with torch.no_grad():
        logits = model(ids).logits
        difference = (logits.flatten() - torch.tensor(probe["logits"])).abs().max().item()
        if not difference < 1e-4:
            problems.append(f"logits differ by {difference}")
        rotary = getattr(model.config, "rope_parameters", None) or getattr(model.config, "rope_scaling", None) or {}
        # The library's own classes mix short and long factors where a cached text passes from one to the other.
        if code or "long_factor" not in rotary:
            cached = model.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=8,
                do_sample=False,
                eos_token_id=None,
                pad_token_id=0,
            )
            plain = ids
            for _ in range(8):
                plain = torch.cat([plain, model(plain, use_cache=False).logits[:, -1:].argmax(-1)], dim=1)
            if not torch.equal(cached, plain):
                problems.append("generation with cache differs")
    failures += bool(problems)
    print(transformers.__version__, type(model).__name__, folder.name, f"{difference:.1e}", *problems)
sys.exit(failures > 0)
