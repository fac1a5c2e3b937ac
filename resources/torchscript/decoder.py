# One decoder block. Shapes: B windows, T positions, d hidden size, H query heads, G KV heads,
# e head size, I channels. Weights are a dictionary by lower-case slot name; a removed sub-layer has
# no weights except perhaps its output bias and the norm that follows it. Norms beside the usual two
# act where their weights are there; offset is added to the weight of every norm; cap 0 means none.

def normalise(self, hidden: Tensor, weight: Tensor, epsilon: float, offset: float) -> Tensor:
  if offset != 0.:
    weight = weight + offset
  return torch.rms_norm(hidden, [torch.size(hidden, -1)], weight, epsilon)

def rotate(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
  return torch.addcmul_(torch.mul(x, cos), torch.roll(x, torch.size(x, -1) // 2, -1), sin)

# With an adapter, a low-rank product is added to a projection: scale * out(in(dropped x)).
def project(self, x: Tensor, weights: Dict[str, Tensor], slot: str, bias: Optional[Tensor]) -> Tensor:
  y = torch.linear(x, weights[slot], bias)
  if "adapter_scale" in weights:
    narrow = weights.get(slot + "_adapter_in")
    if narrow is not None:
      seen = x
      dropout = float(weights["adapter_dropout"])
      if dropout > 0.:
        seen = torch.dropout(x, dropout, True)
      low = torch.mul(torch.linear(seen, narrow), weights["adapter_scale"])
      y = y + torch.linear(low, weights[slot + "_adapter_out"])
  return y

def heads(self, x: Tensor, weights: Dict[str, Tensor], slot: str, bias: Optional[Tensor], size: int) -> Tensor:
  y = self.project(x, weights, slot, bias)
  return torch.reshape(y, [torch.size(y, 0), torch.size(y, 1), -1, size])

def query(self, x: Tensor, weights: Dict[str, Tensor], cos: Tensor, sin: Tensor, head_size: int, epsilon: float, offset: float) -> Tensor:
  y = self.heads(x, weights, "query", weights.get("query_bias"), head_size)
  if "query_norm" in weights:
    y = self.normalise(y, weights["query_norm"], epsilon, offset)
  return self.rotate(y, cos, sin)

def key(self, x: Tensor, weights: Dict[str, Tensor], cos: Tensor, sin: Tensor, head_size: int, epsilon: float, offset: float) -> Tensor:
  y = self.heads(x, weights, "key", weights.get("key_bias"), head_size)
  if "key_norm" in weights:
    y = self.normalise(y, weights["key_norm"], epsilon, offset)
  return self.rotate(y, cos, sin)

def window_mask(self, length: int, window: int, like: Tensor) -> Tensor:
  positions = torch.arange(length, device=ops.prim.device(like))
  distance = torch.unsqueeze(positions, 1) - positions
  visible = torch.logical_and(torch.ge(distance, 0), torch.lt(distance, window))
  return torch.masked_fill(torch.zeros([length, length], dtype=6, device=ops.prim.device(like)), torch.logical_not(visible), float("-inf"))

# Scores s become cap * tanh(s / cap) before the mask, which fused attention cannot do.
def capped_attention(self, query: Tensor, key: Tensor, value: Tensor, mask: Optional[Tensor], scale: float, cap: float) -> Tensor:
  batch = torch.size(query, 0)
  positions = torch.size(query, 2)
  size = torch.size(query, 3)
  grouped = torch.reshape(query, [batch, torch.size(key, 1), -1, positions, size])
  scores = torch.matmul(grouped, torch.transpose(torch.unsqueeze(key, 2), 3, 4))
  scores = torch.tanh(scores * (scale / cap)) * cap
  if mask is not None:
    if torch.dim(mask) == 4:
      mask = torch.unsqueeze(mask, 1)
    scores = scores + mask
  mixed = torch.matmul(torch.softmax(scores, -1), torch.unsqueeze(value, 2))
  return torch.reshape(mixed, [batch, -1, positions, size])

def mix(self, query: Tensor, key: Tensor, value: Tensor, mask: Optional[Tensor], causal: bool, scale: float, cap: float) -> Tensor:
  if cap > 0.:
    return self.capped_attention(query, key, value, mask, scale, cap)
  shared = torch.size(query, 1) // torch.size(key, 1)
  if shared > 1:
    # Copies of keys and values cost little; the engine's own sharing leaves fused attention and writes out all scores.
    key = torch.repeat_interleave(key, shared, 1)
    value = torch.repeat_interleave(value, shared, 1)
  return torch.scaled_dot_product_attention(query, key, value, mask, 0., causal, scale=scale)

def attend(self, x: Tensor, weights: Dict[str, Tensor], cos: Tensor, sin: Tensor, mask: Optional[Tensor], head_size: int, epsilon: float, offset: float, scale: float, cap: float) -> Tensor:
  query = self.query(x, weights, cos, sin, head_size, epsilon, offset)
  key = self.key(x, weights, cos, sin, head_size, epsilon, offset)
  value = self.heads(x, weights, "value", weights.get("value_bias"), head_size)
  mixed = self.mix(torch.transpose(query, 1, 2), torch.transpose(key, 1, 2), torch.transpose(value, 1, 2), mask, mask is None, scale, cap)
  return torch.reshape(torch.transpose(mixed, 1, 2), [torch.size(x, 0), torch.size(x, 1), -1])

def channels(self, x: Tensor, weights: Dict[str, Tensor], gelu: bool) -> Tensor:
  gate = self.project(x, weights, "gate", weights.get("gate_bias"))
  up = self.project(x, weights, "up", weights.get("up_bias"))
  if gelu:
    return torch.mul(torch.gelu(gate, approximate="tanh"), up)
  return torch.mul_(torch.silu_(gate), up)

def add_branch(self, hidden: Tensor, branch: Tensor, norm: Optional[Tensor], epsilon: float, offset: float) -> Tensor:
  if norm is not None:
    return hidden + self.normalise(branch, norm, epsilon, offset)
  return hidden + branch

def without_units(self, hidden: Tensor, bias: Optional[Tensor], norm: Optional[Tensor], epsilon: float, offset: float) -> Tensor:
  if bias is not None:
    return self.add_branch(hidden, bias, norm, epsilon, offset)
  return hidden

def attention(self, hidden: Tensor, weights: Dict[str, Tensor], cos: Tensor, sin: Tensor, mask: Optional[Tensor], head_size: int, epsilon: float, offset: float, scale: float, cap: float) -> Tensor:
  if "query" in weights:
    x = self.normalise(hidden, weights["attention_norm"], epsilon, offset)
    units = self.attend(x, weights, cos, sin, mask, head_size, epsilon, offset, scale, cap)
    branch = self.project(units, weights, "output", weights.get("output_bias"))
    return self.add_branch(hidden, branch, weights.get("attention_post_norm"), epsilon, offset)
  return self.without_units(hidden, weights.get("output_bias"), weights.get("attention_post_norm"), epsilon, offset)

def feed_forward(self, hidden: Tensor, weights: Dict[str, Tensor], epsilon: float, offset: float, gelu: bool) -> Tensor:
  if "gate" in weights:
    x = self.normalise(hidden, weights["feed_forward_norm"], epsilon, offset)
    units = self.channels(x, weights, gelu)
    branch = self.project(units, weights, "down", weights.get("down_bias"))
    return self.add_branch(hidden, branch, weights.get("feed_forward_post_norm"), epsilon, offset)
  return self.without_units(hidden, weights.get("down_bias"), weights.get("feed_forward_post_norm"), epsilon, offset)

def block(self, hidden: Tensor, weights: Dict[str, Tensor], cos: Tensor, sin: Tensor, mask: Optional[Tensor], head_size: int, epsilon: float, offset: float, scale: float, cap: float, gelu: bool) -> Tensor:
  return self.feed_forward(self.attention(hidden, weights, cos, sin, mask, head_size, epsilon, offset, scale, cap), weights, epsilon, offset, gelu)

# The observed forms return (normalised input, units, branch, new hidden state).

def observed_attention(self, hidden: Tensor, weights: Dict[str, Tensor], cos: Tensor, sin: Tensor, mask: Optional[Tensor], head_size: int, epsilon: float, offset: float, scale: float, cap: float) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
  x = self.normalise(hidden, weights["attention_norm"], epsilon, offset)
  units = self.attend(x, weights, cos, sin, mask, head_size, epsilon, offset, scale, cap)
  branch = self.project(units, weights, "output", weights.get("output_bias"))
  return (x, units, branch, self.add_branch(hidden, branch, weights.get("attention_post_norm"), epsilon, offset))

def observed_feed_forward(self, hidden: Tensor, weights: Dict[str, Tensor], epsilon: float, offset: float, gelu: bool) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
  x = self.normalise(hidden, weights["feed_forward_norm"], epsilon, offset)
  units = self.channels(x, weights, gelu)
  branch = self.project(units, weights, "down", weights.get("down_bias"))
  return (x, units, branch, self.add_branch(hidden, branch, weights.get("feed_forward_post_norm"), epsilon, offset))

def embeddings(self, ids: Tensor, table: Tensor) -> Tensor:
  return torch.to(torch.embedding(table, ids), 6)

def scaled(self, x: Tensor, factor: float) -> Tensor:
  return x * factor

def logits(self, hidden: Tensor, norm: Tensor, head: Tensor, epsilon: float, offset: float, cap: float) -> Tensor:
  scores = torch.linear(self.normalise(hidden, norm, epsilon, offset), head)
  if cap > 0.:
    return torch.tanh(scores / cap) * cap
  return scores

# Rows that branch: branch 0 is the context, which all later tokens of a row see; other tokens are
# seen by their own branch only. Negative branches are padding behind everything else.

def rows_at_positions(self, table: Tensor, positions: Tensor) -> Tensor:
  found = torch.index_select(table, 0, torch.flatten(positions))
  return torch.reshape(found, [torch.size(positions, 0), torch.size(positions, 1), 1, -1])

def branch_mask(self, positions: Tensor, branches: Tensor, window: int) -> Tensor:
  order = torch.arange(torch.size(positions, 1), device=ops.prim.device(positions))
  earlier = torch.le(order, torch.unsqueeze(order, 1))
  key = torch.unsqueeze(branches, 1)
  related = torch.logical_or(torch.eq(key, 0), torch.eq(key, torch.unsqueeze(branches, 2)))
  visible = torch.logical_and(earlier, related)
  if window > 0:
    distance = torch.unsqueeze(positions, 2) - torch.unsqueeze(positions, 1)
    visible = torch.logical_and(visible, torch.lt(distance, window))
  mask = torch.zeros([torch.size(branches, 0), 1, torch.size(branches, 1), torch.size(branches, 1)], dtype=6, device=ops.prim.device(positions))
  return torch.masked_fill(mask, torch.logical_not(torch.unsqueeze(visible, 1)), float("-inf"))

# Generation. Caches are [B, G, capacity, e] and filled up to a position.

def cached_mask(self, start: int, count: int, window: int, like: Tensor) -> Tensor:
  device = ops.prim.device(like)
  queries = torch.unsqueeze(torch.arange(start, start + count, device=device), 1)
  distance = queries - torch.arange(start + count, device=device)
  visible = torch.ge(distance, 0)
  if window > 0:
    visible = torch.logical_and(visible, torch.lt(distance, window))
  return torch.masked_fill(torch.zeros([count, start + count], dtype=6, device=device), torch.logical_not(visible), float("-inf"))

def cached_attend(self, x: Tensor, weights: Dict[str, Tensor], cos: Tensor, sin: Tensor, keys: Tensor, values: Tensor, position: int, window: int, head_size: int, epsilon: float, offset: float, scale: float, cap: float) -> Tensor:
  batch = torch.size(x, 0)
  count = torch.size(x, 1)
  groups = torch.size(keys, 1)
  query = self.query(x, weights, cos, sin, head_size, epsilon, offset)
  key = self.key(x, weights, cos, sin, head_size, epsilon, offset)
  value = self.heads(x, weights, "value", weights.get("value_bias"), head_size)
  torch.copy_(torch.narrow(keys, 2, position, count), torch.transpose(key, 1, 2))
  torch.copy_(torch.narrow(values, 2, position, count), torch.transpose(value, 1, 2))
  end = position + count
  start = 0
  if count == 1:
    if window > 0:
      start = max(0, end - window)
    # The query heads of one group stand in the place of positions: no copy of keys per query head.
    mixed = self.mix(torch.reshape(query, [batch, groups, -1, head_size]), torch.narrow(keys, 2, start, end - start), torch.narrow(values, 2, start, end - start), None, False, scale, cap)
    return torch.reshape(mixed, [batch, 1, -1])
  mask = annotate(Optional[Tensor], None)
  if position > 0 or cap > 0. or (window > 0 and window < count):
    mask = self.cached_mask(position, count, window, x)
  mixed = self.mix(torch.transpose(query, 1, 2), torch.narrow(keys, 2, 0, end), torch.narrow(values, 2, 0, end), mask, mask is None, scale, cap)
  return torch.reshape(torch.transpose(mixed, 1, 2), [batch, count, -1])

def cached_block(self, hidden: Tensor, weights: Dict[str, Tensor], cos: Tensor, sin: Tensor, keys: Tensor, values: Tensor, position: int, window: int, head_size: int, epsilon: float, offset: float, scale: float, cap: float, gelu: bool) -> Tensor:
  if "query" in weights:
    x = self.normalise(hidden, weights["attention_norm"], epsilon, offset)
    units = self.cached_attend(x, weights, cos, sin, keys, values, position, window, head_size, epsilon, offset, scale, cap)
    branch = self.project(units, weights, "output", weights.get("output_bias"))
    hidden = self.add_branch(hidden, branch, weights.get("attention_post_norm"), epsilon, offset)
  else:
    hidden = self.without_units(hidden, weights.get("output_bias"), weights.get("attention_post_norm"), epsilon, offset)
  return self.feed_forward(hidden, weights, epsilon, offset, gelu)

def last_position(self, hidden: Tensor) -> Tensor:
  return torch.narrow(hidden, 1, torch.size(hidden, 1) - 1, 1)

def best(self, scores: Tensor) -> int:
  return int(torch.argmax(scores))

def probabilities(self, scores: Tensor, temperature: float, top: int) -> Tensor:
  scaled = torch.to(scores, 7) / temperature
  if top > 0 and top < torch.size(scaled, 0):
    values, indices = torch.topk(scaled, top)
    scaled = torch.masked_fill(scaled, torch.lt(scaled, values[-1]), float("-inf"))
  return torch.softmax(scaled, -1)
