# One decoder block. Shapes: B windows, T positions, d hidden size, H query heads, G KV heads,
# e head size, I channels. Weights are a dictionary by lower-case slot name; a removed sub-layer has
# no weights except perhaps its output bias.

def normalise(self, hidden: Tensor, weight: Tensor, epsilon: float) -> Tensor:
  return torch.rms_norm(hidden, [torch.size(hidden, -1)], weight, epsilon)

def rotate(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
  return torch.addcmul_(torch.mul(x, cos), torch.roll(x, torch.size(x, -1) // 2, -1), sin)

def heads(self, x: Tensor, weight: Tensor, bias: Optional[Tensor], size: int) -> Tensor:
  y = torch.linear(x, weight, bias)
  return torch.reshape(y, [torch.size(y, 0), torch.size(y, 1), -1, size])

def window_mask(self, length: int, window: int, like: Tensor) -> Tensor:
  positions = torch.arange(length, device=ops.prim.device(like))
  distance = torch.unsqueeze(positions, 1) - positions
  visible = torch.logical_and(torch.ge(distance, 0), torch.lt(distance, window))
  return torch.masked_fill(torch.zeros([length, length], dtype=6, device=ops.prim.device(like)), torch.logical_not(visible), float("-inf"))

def attend(self, x: Tensor, weights: Dict[str, Tensor], cos: Tensor, sin: Tensor, mask: Optional[Tensor], head_size: int) -> Tensor:
  query = self.rotate(self.heads(x, weights["query"], weights.get("query_bias"), head_size), cos, sin)
  key = self.rotate(self.heads(x, weights["key"], weights.get("key_bias"), head_size), cos, sin)
  value = self.heads(x, weights["value"], weights.get("value_bias"), head_size)
  grouped = torch.size(query, 2) != torch.size(key, 2)
  mixed = torch.scaled_dot_product_attention(torch.transpose(query, 1, 2), torch.transpose(key, 1, 2), torch.transpose(value, 1, 2), mask, 0., mask is None, scale=None, enable_gqa=grouped)
  return torch.reshape(torch.transpose(mixed, 1, 2), [torch.size(x, 0), torch.size(x, 1), -1])

def channels(self, x: Tensor, weights: Dict[str, Tensor]) -> Tensor:
  gate = torch.linear(x, weights["gate"], weights.get("gate_bias"))
  up = torch.linear(x, weights["up"], weights.get("up_bias"))
  return torch.mul_(torch.silu_(gate), up)

def without_units(self, hidden: Tensor, bias: Optional[Tensor]) -> Tensor:
  if bias is not None:
    return hidden + bias
  return hidden

def attention(self, hidden: Tensor, weights: Dict[str, Tensor], cos: Tensor, sin: Tensor, mask: Optional[Tensor], head_size: int, epsilon: float) -> Tensor:
  if "query" in weights:
    x = self.normalise(hidden, weights["attention_norm"], epsilon)
    units = self.attend(x, weights, cos, sin, mask, head_size)
    return hidden + torch.linear(units, weights["output"], weights.get("output_bias"))
  return self.without_units(hidden, weights.get("output_bias"))

def feed_forward(self, hidden: Tensor, weights: Dict[str, Tensor], epsilon: float) -> Tensor:
  if "gate" in weights:
    x = self.normalise(hidden, weights["feed_forward_norm"], epsilon)
    units = self.channels(x, weights)
    return hidden + torch.linear(units, weights["down"], weights.get("down_bias"))
  return self.without_units(hidden, weights.get("down_bias"))

def block(self, hidden: Tensor, weights: Dict[str, Tensor], cos: Tensor, sin: Tensor, mask: Optional[Tensor], head_size: int, epsilon: float) -> Tensor:
  return self.feed_forward(self.attention(hidden, weights, cos, sin, mask, head_size, epsilon), weights, epsilon)

# The observed forms return (normalised input, units, branch, new hidden state).

def observed_attention(self, hidden: Tensor, weights: Dict[str, Tensor], cos: Tensor, sin: Tensor, mask: Optional[Tensor], head_size: int, epsilon: float) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
  x = self.normalise(hidden, weights["attention_norm"], epsilon)
  units = self.attend(x, weights, cos, sin, mask, head_size)
  branch = torch.linear(units, weights["output"], weights.get("output_bias"))
  return (x, units, branch, hidden + branch)

def observed_feed_forward(self, hidden: Tensor, weights: Dict[str, Tensor], epsilon: float) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
  x = self.normalise(hidden, weights["feed_forward_norm"], epsilon)
  units = self.channels(x, weights)
  branch = torch.linear(units, weights["down"], weights.get("down_bias"))
  return (x, units, branch, hidden + branch)

def embed(self, ids: Tensor, table: Tensor) -> Tensor:
  return torch.to(torch.embedding(table, ids), 6)

def logits(self, hidden: Tensor, norm: Tensor, head: Tensor, epsilon: float) -> Tensor:
  return torch.linear(self.normalise(hidden, norm, epsilon), head)

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

def cached_attend(self, x: Tensor, weights: Dict[str, Tensor], cos: Tensor, sin: Tensor, keys: Tensor, values: Tensor, position: int, window: int, head_size: int) -> Tensor:
  batch = torch.size(x, 0)
  count = torch.size(x, 1)
  groups = torch.size(keys, 1)
  query = self.rotate(self.heads(x, weights["query"], weights.get("query_bias"), head_size), cos, sin)
  key = self.rotate(self.heads(x, weights["key"], weights.get("key_bias"), head_size), cos, sin)
  value = self.heads(x, weights["value"], weights.get("value_bias"), head_size)
  torch.copy_(torch.narrow(keys, 2, position, count), torch.transpose(key, 1, 2))
  torch.copy_(torch.narrow(values, 2, position, count), torch.transpose(value, 1, 2))
  end = position + count
  start = 0
  if count == 1:
    if window > 0:
      start = max(0, end - window)
    # The query heads of one group stand in the place of positions: no copy of keys per query head.
    mixed = torch.scaled_dot_product_attention(torch.reshape(query, [batch, groups, -1, head_size]), torch.narrow(keys, 2, start, end - start), torch.narrow(values, 2, start, end - start))
    return torch.reshape(mixed, [batch, 1, -1])
  mask = annotate(Optional[Tensor], None)
  if position > 0 or (window > 0 and window < count):
    mask = self.cached_mask(position, count, window, x)
  grouped = torch.size(query, 2) != groups
  mixed = torch.scaled_dot_product_attention(torch.transpose(query, 1, 2), torch.narrow(keys, 2, 0, end), torch.narrow(values, 2, 0, end), mask, 0., mask is None, scale=None, enable_gqa=grouped)
  return torch.reshape(torch.transpose(mixed, 1, 2), [batch, count, -1])

def cached_block(self, hidden: Tensor, weights: Dict[str, Tensor], cos: Tensor, sin: Tensor, keys: Tensor, values: Tensor, position: int, window: int, head_size: int, epsilon: float) -> Tensor:
  if "query" in weights:
    x = self.normalise(hidden, weights["attention_norm"], epsilon)
    units = self.cached_attend(x, weights, cos, sin, keys, values, position, window, head_size)
    hidden = hidden + torch.linear(units, weights["output"], weights.get("output_bias"))
  else:
    hidden = self.without_units(hidden, weights.get("output_bias"))
  return self.feed_forward(hidden, weights, epsilon)

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
