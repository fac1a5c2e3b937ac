# What pruning does to single weight matrices.

def mean_output(self, weight: Tensor, columns: Tensor, means: Tensor) -> Tensor:
  return torch.mv(torch.index_select(weight, 1, columns), torch.index_select(means, 0, columns))

def with_columns(self, like: Tensor, columns: Tensor, values: Tensor) -> Tensor:
  return torch.index_copy(torch.zeros_like(like), 1, columns, values)

def centred(self, gram: Tensor, mean: Tensor) -> Tensor:
  return gram - torch.outer(mean, mean)

def affine(self, weight: Tensor, gram: Tensor, mean: Tensor, kept: Tensor) -> Tensor:
  whole = torch.to(weight, 7)
  part = torch.index_copy(torch.zeros_like(whole), 1, kept, torch.index_select(whole, 1, kept))
  mixed = torch.mm(part, self.centred(gram, mean))
  variance = torch.sum(mixed * part, [1])
  covariance = torch.sum(mixed * whole, [1])
  center = torch.mv(part, mean)
  varies = torch.gt(variance, (variance + torch.square(center)) * 1e-12)
  slope = torch.where(varies, torch.div(covariance, variance), torch.ones_like(variance))
  return torch.stack([slope, torch.mv(whole, mean) - slope * center])
