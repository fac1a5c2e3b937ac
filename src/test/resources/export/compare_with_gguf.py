"""Reads GGUF files with the gguf package and compares every tensor with an export for Transformers of the same run.

Usage: compare_with_gguf.py FOLDER FILE...; the folder holds the run as F32 (transformers-per-layer or transformers).
"""

import json
import pathlib
import sys

import gguf
import numpy as np
from safetensors.numpy import load_file

folder = pathlib.Path(sys.argv[1])
config = json.loads((folder / "config.json").read_text())
weights = {}
for shard in folder.glob("*.safetensors"):
    weights.update(load_file(shard))
names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config["num_hidden_layers"])
head_dim = config["head_dim"]


def expected(name, tensor):
    """Rotary rows of halves become pairs, as llama.cpp's own converter orders them."""
    if ".q_proj." in name or ".k_proj." in name:
        heads = tensor.shape[0] // head_dim
        return tensor.reshape(heads, 2, head_dim // 2, *tensor.shape[1:]).swapaxes(1, 2).reshape(tensor.shape)
    return tensor


wrong = 0
for file in sys.argv[2:]:
    reader = gguf.GGUFReader(file)
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    largest, error, power, left, same = 0.0, 0.0, 0.0, set(tensors), True
    for name, tensor in weights.items():
        stem, suffix = name.rsplit(".", 1)
        stored = tensors[f"{names.get_name(stem)}.{suffix}"]
        left.discard(stored.name)
        shape = tuple(int(n) for n in reversed(stored.shape))
        assert shape == tensor.shape, f"{name}: {shape} instead of {tensor.shape}"
        wanted = expected(name, tensor)
        read = gguf.quants.dequantize(stored.data, stored.tensor_type).reshape(shape)
        largest = max(largest, float(np.abs(read - wanted).max()))
        error += float(np.square(read - wanted).sum())
        power += float(np.square(wanted).sum())
        own = gguf.quants.quantize(np.ascontiguousarray(wanted), stored.tensor_type)
        same = same and np.array_equal(own.view(np.uint8).ravel(), np.ascontiguousarray(stored.data).view(np.uint8).ravel())
    zeros = all(not gguf.quants.dequantize(tensors[name].data, tensors[name].tensor_type).any() for name in left)
    kinds = ", ".join(sorted({tensor.tensor_type.name for tensor in reader.tensors}))
    print(
        f"{file}: {len(tensors)} tensors ({kinds}), largest difference {largest:.2g},"
        f" weights changed {100 * (error / power) ** 0.5:.2f} %,"
        f" bytes {'are those that gguf itself makes' if same else 'differ from those that gguf makes'},"
        f" {len(left)} others {'are zero' if zeros else 'are not zero'}"
    )
    wrong += not (zeros and same)
sys.exit(wrong > 0)
