# What calibration measures. Shapes: B windows, T positions, d hidden size.

def log_energy(self, hidden: Tensor) -> float:
  energies = torch.square(torch.linalg_vector_norm(hidden, 2., [-1]))
  return float(torch.sum(torch.log(torch.clamp_min(energies, 1e-30))))
