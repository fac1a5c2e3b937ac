# What exports do to single tensors.

# Zeros behind the last rows and columns, up to a shape.
def padded(self, x: Tensor, shape: List[int]) -> Tensor:
  if len(shape) == 1:
    return torch.constant_pad_nd(x, [0, shape[0] - torch.size(x, 0)], 0)
  return torch.constant_pad_nd(x, [0, shape[1] - torch.size(x, 1), 0, shape[0] - torch.size(x, 0)], 0)
