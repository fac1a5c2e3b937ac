# Second-order removal of inputs of a projection (optimal brain surgeon), in double precision.
# Shapes: d outputs, n inputs; the weight is [d, n], the covariance of the inputs [n, n].

def damped(self, covariance: Tensor, damping: float) -> Tensor:
  diagonal = torch.diagonal(covariance)
  added = damping * float(torch.mean(diagonal))
  # Inputs that never vary at all still need an invertible matrix.
  return covariance + torch.diag(torch.full_like(diagonal, max(added, 1e-30)))

def precise(self, weight: Tensor, like: Tensor) -> Tensor:
  return torch.to(torch.to(weight, ops.prim.device(like)), 7)

# How much the squared error grows when a unit of `width` neighbouring inputs goes, for each unit.
def unit_losses(self, weight: Tensor, inverse: Tensor, width: int) -> Tensor:
  if width == 1:
    return torch.sum(torch.square(weight), [0]) / torch.diagonal(inverse)
  units = torch.size(weight, 1) // width
  squares = torch.reshape(inverse, [units, width, units, width])
  own = torch.permute(torch.diagonal(squares, 0, 0, 2), [2, 0, 1])
  parts = torch.permute(torch.reshape(weight, [-1, units, width]), [1, 2, 0])
  return torch.sum(parts * torch.linalg_solve(own, parts), [1, 2])

# Removes all units, those that cost least first, `batch` at a time, and after each lets the others
# take over what they can. Returns each unit's rank of removal and what its removal cost.
def eliminate(self, weight: Tensor, covariance: Tensor, damping: float, width: int, batch: int) -> Tuple[Tensor, Tensor]:
  inverse = torch.cholesky_inverse(torch.linalg_cholesky(self.damped(covariance, damping)))
  rest = torch.clone(self.precise(weight, covariance))
  units = torch.size(rest, 1) // width
  present = torch.arange(units, device=ops.prim.device(covariance))
  ranks = torch.zeros([units], dtype=7, device=ops.prim.device(covariance))
  costs = torch.zeros([units], dtype=7, device=ops.prim.device(covariance))
  done = 0
  while done < units:
    count = min(batch, units - done)
    losses = self.unit_losses(rest, inverse, width)
    least, places = torch.topk(losses, count, 0, False, True)
    inputs = torch.reshape(torch.unsqueeze(places * width, 1) + torch.arange(width, device=ops.prim.device(covariance)), [-1])
    removed = torch.index_select(rest, 1, inputs)
    rows = torch.index_select(inverse, 0, inputs)
    shares = torch.linalg_solve(torch.index_select(rows, 1, inputs), rows)
    # Several units together cost more than one after the other would have.
    together = torch.sum(removed * torch.transpose(torch.linalg_solve(torch.index_select(rows, 1, inputs), torch.transpose(removed, 0, 1)), 0, 1))
    alone = torch.sum(least)
    factor = 1.
    if float(alone) > 0.:
      factor = float(together) / float(alone)
    names = torch.index_select(present, 0, places)
    torch.index_copy_(costs, 0, names, least * factor)
    torch.index_copy_(ranks, 0, names, torch.to(torch.arange(done, done + count, device=ops.prim.device(covariance)), 7))
    staying = torch.ones([units - done], dtype=11, device=ops.prim.device(covariance))
    torch.index_fill_(staying, 0, places, 0)
    left = torch.reshape(torch.nonzero(staying), [-1])
    columns = torch.reshape(torch.unsqueeze(left * width, 1) + torch.arange(width, device=ops.prim.device(covariance)), [-1])
    rest = torch.index_select(rest - torch.mm(removed, shares), 1, columns)
    inverse = torch.index_select(torch.index_select(inverse - torch.mm(torch.transpose(rows, 0, 1), shares), 0, columns), 1, columns)
    present = torch.index_select(present, 0, left)
    done += count
  return (ranks, costs)

# The kept columns that come closest to the whole projection, and the bias for what they cannot.
def reconstruct(self, weight: Tensor, gram: Tensor, mean: Tensor, kept: Tensor, damping: float) -> Tuple[Tensor, Tensor]:
  covariance = self.damped(gram - torch.outer(mean, mean), damping)
  whole = self.precise(weight, gram)
  rows = torch.index_select(covariance, 0, kept)
  own = torch.linalg_cholesky(torch.index_select(rows, 1, kept))
  columns = torch.transpose(torch.cholesky_solve(torch.mm(rows, torch.transpose(whole, 0, 1)), own), 0, 1)
  bias = torch.mv(whole, mean) - torch.mv(columns, torch.index_select(mean, 0, kept))
  return (torch.to(torch.contiguous(columns), 6), torch.to(bias, 6))
