# How much a loss depends on weights. Weights and gradients are matrices [out, in]; squares are the
# means over windows of the squared gradients of single windows. Sums run over one dimension, which
# leaves a value for each slice that pruning would cut; vectors, with dimension -1, are their own
# slices.

def next_token_loss(self, logits: Tensor, ids: Tensor) -> Tensor:
  length = torch.size(ids, 1) - 1
  scores = torch.reshape(torch.narrow(logits, 1, 0, length), [-1, torch.size(logits, -1)])
  return torch.cross_entropy_loss(scores, torch.reshape(torch.narrow(ids, 1, 1, length), [-1]))

def join(self, windows: List[Tensor]) -> Tensor:
  return torch.cat(windows, 0)

def zeros(self, like: Tensor) -> Tensor:
  return torch.zeros_like(like)

def add_window(self, gradients: List[Tensor], means: List[Tensor], squares: List[Tensor], share: float) -> None:
  for i in range(torch.len(gradients)):
    torch.add_(means[i], gradients[i], alpha=share)
    torch.addcmul_(squares[i], gradients[i], gradients[i], value=share)
  return None

def along(self, x: Tensor, dimension: int) -> Tensor:
  if dimension < 0:
    return x
  return torch.sum(x, [dimension])

def add(self, gradients: List[Tensor], means: List[Tensor], share: float) -> None:
  for i in range(torch.len(gradients)):
    torch.add_(means[i], gradients[i], alpha=share)
  return None

def rows_gradient(self, like: Tensor, ids: Tensor, derivatives: Tensor) -> Tensor:
  rows = torch.reshape(derivatives, [-1, torch.size(derivatives, -1)])
  return torch.index_add(torch.zeros_like(like, dtype=6), 0, torch.reshape(ids, [-1]), rows)

def first_order(self, weight: Tensor, gradient: Tensor, dimension: int) -> Tensor:
  salience = torch.mul(weight, gradient)
  return torch.stack([self.along(salience, dimension), self.along(torch.abs(salience), dimension)])

def second_order(self, weight: Tensor, gradient: Tensor, squares: Tensor, dimension: int) -> Tensor:
  salience = torch.mul(weight, gradient)
  curvature = torch.mul(torch.mul(weight, weight), squares)
  mixed = torch.abs(torch.sub(salience, curvature, alpha=0.5))
  return torch.stack([self.along(salience, dimension), self.along(torch.abs(salience), dimension), self.along(curvature, dimension), self.along(mixed, dimension)])

def norms(self, weight: Tensor, dimension: int) -> Tensor:
  return torch.stack([self.along(torch.abs(weight), dimension), self.along(torch.square(weight), dimension)])
