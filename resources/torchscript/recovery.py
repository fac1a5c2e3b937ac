# Recovery by low-rank adapters. Shapes: N positions, d hidden size, V vocabulary.

# Sum of the negative log-likelihoods of the targets.
def summed_loss(self, logits: Tensor, targets: Tensor) -> Tensor:
  return torch.cross_entropy_loss(logits, targets, None, 2)

# The rows of the hidden state that predict something.
def scored(self, hidden: Tensor, positions: Tensor) -> Tensor:
  return torch.index_select(torch.reshape(hidden, [-1, torch.size(hidden, -1)]), 0, positions)

def merged(self, weight: Tensor, narrow: Tensor, wide: Tensor, scale: float) -> Tensor:
  return torch.add(weight, torch.mm(wide, narrow), alpha=scale)

# Uniform on both sides of zero, reproducible for a seed.
def uniform(self, shape: List[int], bound: float) -> Tensor:
  return torch.uniform_(torch.empty(shape, dtype=6), -bound, bound)
