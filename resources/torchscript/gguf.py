# How weights lie in GGUF files. Quantised types follow the reference code of ggml, to the bit: a
# scale per block of 32 elements in half precision, then the whole numbers.

# Rotary halves [x0 x1 .. | y0 y1 ..] of every head as the adjacent pairs x0 y0 x1 y1 .. that
# llama.cpp rotates; rows of a weight [H*e, d] or elements of a bias [H*e].
def to_pairs(self, x: Tensor, head_size: int) -> Tensor:
  shape = torch.size(x)
  return torch.reshape(torch.transpose(torch.reshape(x, [shape[0] // head_size, 2, head_size // 2, -1]), 1, 2), shape)

def to_halves(self, x: Tensor, head_size: int) -> Tensor:
  shape = torch.size(x)
  return torch.reshape(torch.transpose(torch.reshape(x, [shape[0] // head_size, head_size // 2, 2, -1]), 1, 2), shape)

# The bits of a half-precision number as a number, from float32 values that half precision holds.
def half_bits(self, half: Tensor) -> Tensor:
  size = torch.abs(half)
  mantissa, exponent = torch.frexp(size)
  normal = (torch.to(exponent, 6) + 14. + mantissa * 2. - 1.) * 1024.
  bits = torch.where(torch.lt(size, 6.103515625e-05), size * 16777216., normal)
  return torch.to(bits, 3) + torch.to(torch.signbit(half), 3) * 32768

def bits_half(self, bits: Tensor) -> Tensor:
  fraction = torch.to(torch.remainder(bits, 1024), 6)
  exponent = torch.to(torch.remainder(torch.floor_divide(bits, 1024), 32), 6)
  size = torch.where(torch.eq(exponent, 0.), fraction / 16777216., (1. + fraction / 1024.) * torch.exp2(exponent - 15.))
  return torch.where(torch.ge(bits, 32768), torch.neg(size), size)

# Half away from zero, as C rounds.
def round_away(self, x: Tensor) -> Tensor:
  whole = torch.trunc(x)
  return whole + torch.sign(x) * torch.to(torch.ge(torch.abs(x - whole), 0.5), 6)

def packed(self, scale: Tensor, numbers: Tensor) -> Tensor:
  bits = self.half_bits(torch.to(torch.to(scale, 5), 6))
  low = torch.to(torch.remainder(bits, 256), 0)
  high = torch.to(torch.floor_divide(bits, 256), 0)
  return torch.cat([low, high, numbers], 1)

def inverse(self, scale: Tensor) -> Tensor:
  return torch.where(torch.eq(scale, 0.), torch.zeros_like(scale), torch.div(torch.ones_like(scale), scale))

def quantise_q8_0(self, x: Tensor) -> Tensor:
  blocks = torch.reshape(x, [-1, 32])
  largest = torch.amax(torch.abs(blocks), [1], True)
  scale = torch.div(largest, torch.full_like(largest, 127.))
  numbers = self.round_away(blocks * self.inverse(scale))
  return self.packed(scale, torch.to(torch.to(numbers, 1), 0))

def quantise_q4_0(self, x: Tensor) -> Tensor:
  blocks = torch.reshape(x, [-1, 32])
  where = torch.argmax(torch.abs(blocks), 1, True)
  scale = torch.div(torch.gather(blocks, 1, where), -8.)
  numbers = torch.clamp(torch.floor(blocks * self.inverse(scale) + 8.5), 0., 15.)
  low = torch.narrow(numbers, 1, 0, 16)
  high = torch.narrow(numbers, 1, 16, 16)
  return self.packed(scale, torch.to(low + high * 16., 0))

# Back to float32, from blocks of bytes [n, 34] and [n, 18].

def scale_of(self, blocks: Tensor) -> Tensor:
  wide = torch.to(blocks, 3)
  return self.bits_half(torch.narrow(wide, 1, 0, 1) + torch.narrow(wide, 1, 1, 1) * 256)

def dequantise_q8_0(self, bytes: Tensor) -> Tensor:
  blocks = torch.reshape(bytes, [-1, 34])
  numbers = torch.to(torch.narrow(blocks, 1, 2, 32), 6)
  signed = torch.where(torch.gt(numbers, 127.), numbers - 256., numbers)
  return torch.reshape(signed * self.scale_of(blocks), [-1])

def dequantise_q4_0(self, bytes: Tensor) -> Tensor:
  blocks = torch.reshape(bytes, [-1, 18])
  pairs = torch.to(torch.narrow(blocks, 1, 2, 16), 3)
  numbers = torch.cat([torch.remainder(pairs, 16), torch.floor_divide(pairs, 16)], 1)
  return torch.reshape((torch.to(numbers, 6) - 8.) * self.scale_of(blocks), [-1])

# What rounding did: sum of squared errors, sum of squares, and the largest error of an element as a
# share of the largest element of its block.
def rounding(self, x: Tensor, rounded: Tensor, block: int) -> Tensor:
  before = torch.reshape(x, [-1, block])
  error = torch.abs(torch.reshape(rounded, [-1, block]) - before)
  largest = torch.amax(torch.abs(before), [1], False)
  excess = torch.clamp(torch.amax(error, [1], False) - 1e-5, 0.)
  share = torch.where(torch.eq(excess, 0.), torch.zeros_like(excess), torch.div(excess, largest))
  errors = torch.sum(torch.square(torch.to(error, 7)))
  squares = torch.sum(torch.square(torch.to(before, 7)))
  return torch.stack([errors, squares, torch.to(torch.amax(share), 7)])
