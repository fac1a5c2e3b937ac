# What pruning does to single weight matrices.

def select(self, x: Tensor, dimension: int, indices: Tensor) -> Tensor:
  return torch.index_select(x, dimension, indices)

def without_columns(self, weight: Tensor, columns: Tensor) -> Tensor:
  return torch.index_fill(weight, 1, columns, 0.)

def mean_output(self, weight: Tensor, columns: Tensor, means: Tensor) -> Tensor:
  return torch.mv(torch.index_select(weight, 1, columns), torch.index_select(means, 0, columns))

def with_columns(self, like: Tensor, columns: Tensor, values: Tensor) -> Tensor:
  return torch.index_copy(torch.zeros_like(like), 1, columns, values)
