# What calibration measures. Shapes: B windows, T positions, d hidden size.

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
