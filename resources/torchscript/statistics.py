# What calibration measures. Shapes: B windows, T positions, d hidden size.

# Means [B, 1, n] of units [B, T, n] over positions, and sums [B, n] of squared distances from them.
def moments(self, units: Tensor) -> Tuple[Tensor, Tensor]:
  mean = torch.mean(units, [1], True)
  return (mean, torch.sum(torch.square_(units - mean), [1]))

def log_energy(self, hidden: Tensor) -> float:
  energies = torch.square(torch.linalg_vector_norm(hidden, 2., [-1]))
  return float(torch.sum(torch.log(torch.clamp_min(energies, 1e-30))))

# Sums over tokens; rows [T, n] in double precision.

def products(self, rows: Tensor) -> Tensor:
  return torch.mm(torch.transpose(rows, 0, 1), rows)

def sums(self, rows: Tensor) -> Tensor:
  return torch.sum(rows, [0])

def add_products(self, products: Tensor, sums: Tensor, rows: Tensor) -> None:
  torch.addmm_(products, torch.transpose(rows, 0, 1), rows)
  torch.add_(sums, torch.sum(rows, [0]))
  return None

def scatter(self, products: Tensor, sums: Tensor, tokens: int) -> Tensor:
  return products - torch.outer(sums, sums) / tokens

# SlimLLM. Shapes: d outputs, n inputs of the output projection, U units, S sets of units, I channels.

def contribution_covariances(self, weight: Tensor, scatter: Tensor, units: int) -> Tensor:
  wide = torch.to(weight, 7)
  outputs = torch.size(wide, 0)
  width = torch.size(wide, 1) // units
  parts = annotate(List[Tensor], [])
  for unit in range(units):
    own = torch.narrow(wide, 1, unit * width, width)
    mixed = torch.mm(own, torch.narrow(scatter, 0, unit * width, width))
    torch.append(parts, torch.sum(torch.reshape(mixed * wide, [outputs, units, width]), [2]))
  return torch.stack(parts, 1)

def similarities(self, covariances: Tensor, sets: Tensor) -> Tensor:
  rows = torch.sum(covariances, [2])
  total = torch.unsqueeze(torch.sum(rows, [1]), 1)
  selected = torch.transpose(sets, 0, 1)
  shared = torch.matmul(rows, selected)
  own = torch.sum(torch.matmul(covariances, selected) * selected, [1])
  correlation = torch.div(torch.abs(shared), torch.sqrt(torch.clamp_min(own * total, 1e-300)))
  return torch.sum(torch.where(torch.gt(own, total * 1e-12), correlation, torch.zeros_like(correlation)), [0])

def feature_space_scores(self, gate: Tensor, up: Tensor, down: Tensor, input_squares: Tensor, channel_squares: Tensor, scatter: Tensor) -> Tensor:
  values, vectors = torch.linalg_eigh(scatter)
  magnitudes = torch.abs(values)
  weight = torch.sigmoid(torch.div(magnitudes, torch.clamp_min(torch.mean(magnitudes), 1e-300)))
  inward = torch.sqrt(torch.mv(torch.square(torch.to(gate, 7)), input_squares)) + torch.sqrt(torch.mv(torch.square(torch.to(up, 7)), input_squares))
  projected = torch.mm(torch.transpose(torch.to(down, 7), 0, 1), vectors) * weight
  return inward + torch.sqrt(channel_squares) * torch.linalg_vector_norm(projected, 2., [1])

def cosines(self, first: Tensor, second: Tensor) -> Tensor:
  dots = torch.sum(first * second, [-1])
  norms = torch.linalg_vector_norm(first, 2., [-1]) * torch.linalg_vector_norm(second, 2., [-1])
  return torch.nan_to_num(torch.to(torch.div(dots, norms), 7), 0.5)

def angles(self, first: Tensor, second: Tensor) -> float:
  return float(torch.mean(torch.acos(torch.clamp(self.cosines(first, second), -1., 1.)))) / 3.141592653589793
