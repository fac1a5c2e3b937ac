# General tensor functions that the engine's Java interface lacks.
# dtype numbers are those of c10::ScalarType; see ScalarTypes.java.

def none(self) -> Optional[Tensor]:
  return None

def from_file(self, path: str, elements: int, dtype: int) -> Tensor:
  return torch.from_file(path, False, elements, dtype=dtype)

def part(self, whole: Tensor, start: int, shape: List[int]) -> Tensor:
  count = 1
  for size in shape:
    count = count * size
  return torch.reshape(torch.narrow(whole, 0, start, count), shape)

def empty(self, shape: List[int], dtype: int) -> Tensor:
  return torch.empty(shape, dtype=dtype)

def convert(self, x: Tensor, dtype: int) -> Tensor:
  return torch.to(x, dtype)

def to_device(self, x: Tensor, device: str) -> Tensor:
  return torch.to(x, torch.device(device))

def clone(self, x: Tensor) -> Tensor:
  return torch.contiguous(torch.clone(x))

def overwrite(self, x: Tensor, content: Tensor) -> None:
  torch.copy_(x, content)
  return None

def rows(self, x: Tensor, start: int, count: int) -> Tensor:
  return torch.narrow(x, 0, start, count)

def select(self, x: Tensor, dimension: int, indices: Tensor) -> Tensor:
  return torch.index_select(x, dimension, indices)

def without(self, x: Tensor, dimension: int, indices: Tensor) -> Tensor:
  return torch.index_fill(x, dimension, indices, 0.)

def scalar_type(self, x: Tensor) -> int:
  return ops.prim.dtype(x)

def silu(self, x: Tensor) -> Tensor:
  return torch.silu(x)

def rms_norm(self, x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
  return torch.rms_norm(x, [torch.size(x, -1)], weight, epsilon)

def attention(self, query: Tensor, key: Tensor, value: Tensor, mask: Optional[Tensor], causal: bool) -> Tensor:
  grouped = torch.size(query, 1) != torch.size(key, 1)
  return torch.scaled_dot_product_attention(query, key, value, mask, 0., causal, scale=None, enable_gqa=grouped)

def cross_entropy(self, logits: Tensor, targets: Tensor) -> Tensor:
  return torch.cross_entropy_loss(logits, targets, None, 0)

def mean_cross_entropy(self, logits: Tensor, targets: Tensor) -> Tensor:
  return torch.cross_entropy_loss(logits, targets)

def symmetric_eigen(self, x: Tensor) -> Tuple[Tensor, Tensor]:
  return torch.linalg_eigh(x)

def singular_values(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
  return torch.linalg_svd(x, False)

def cholesky(self, x: Tensor) -> Tensor:
  return torch.linalg_cholesky(x)

def solve(self, a: Tensor, b: Tensor) -> Tensor:
  return torch.linalg_solve(a, b)

def solve_positive_definite(self, a: Tensor, b: Tensor) -> Tensor:
  return torch.cholesky_solve(b, torch.linalg_cholesky(a))

def least_squares(self, a: Tensor, b: Tensor) -> Tensor:
  solution, residuals, rank, singular = torch.linalg_lstsq(a, b, None, driver="gelsd")
  return solution

def all_finite(self, x: Tensor) -> bool:
  return bool(torch.all(torch.isfinite(x)))

def sample(self, probabilities: Tensor, uniform: float) -> int:
  cumulative = torch.cumsum(torch.to(probabilities, 7), 0)
  drawn = torch.searchsorted(cumulative, uniform * float(cumulative[-1]), right=True)
  return min(int(drawn), torch.size(probabilities, 0) - 1)

def adamw(self, parameters: List[Tensor], gradients: List[Tensor], first: List[Tensor], second: List[Tensor], steps: List[Tensor], rate: float, beta1: float, beta2: float, decay: float, epsilon: float) -> None:
  for step in steps:
    torch.add_(step, 1)
  torch._fused_adamw_(parameters, gradients, first, second, annotate(List[Tensor], []), steps, lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False)
  return None

def clip_norm(self, gradients: List[Tensor], limit: float) -> float:
  squares = annotate(List[Tensor], [])
  for gradient in gradients:
    torch.append(squares, torch.linalg_vector_norm(gradient))
  norm = float(torch.linalg_vector_norm(torch.stack(squares)))
  if norm > limit:
    for gradient in gradients:
      torch.mul_(gradient, limit / norm)
  return norm
