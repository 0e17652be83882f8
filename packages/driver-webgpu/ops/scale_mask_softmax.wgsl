// out = softmax(scale · x + mask) over the visible keys, 0 for hidden ones. x, out [batch, heads, queries, keys], mask [batch,
// keys] f32. One workgroup owns one row, and thread t its keys t, t + threads, … The maximum is subtracted first; f32.
@group(0) @binding(0) var<storage, read> x: array<Activation>;
@group(0) @binding(1) var<storage, read> mask: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<Activation>;

const lowest = -0x1.fffffep+127; // the lowest f32

fn score(row: u32, key: u32) -> f32 {
  let scaled = f32(x[params.x_offset + row * params.keys + key]) * params.scale;
  if (params.has_mask == 0) { return scaled; }
  return scaled + mask_of(row, key);
}

fn mask_of(row: u32, key: u32) -> f32 {
  return mask[params.mask_offset + row / params.rows_of_mask * params.keys + key];
}

// Whether a key is inside the window and not masked with −Infinity.
fn is_visible(row: u32, key: u32) -> bool {
  let query = row % params.queries;
  if (max(query, key) - min(query, key) > params.reach) { return false; }
  return params.has_mask == 0 || bitcast<u32>(mask_of(row, key)) != 0xff800000u;
}

@compute @workgroup_size(threads)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let row = group_index(group, groups);
  if (row >= params.rows) { return; }
  var largest = lowest;
  for (var c = thread; c < params.keys; c += threads) {
    if (is_visible(row, c)) { largest = max(largest, score(row, c)); }
  }
  largest = workgroup_max(largest, thread);
  var sum = 0.0;
  for (var c = thread; c < params.keys; c += threads) {
    if (is_visible(row, c)) { sum += exp_of(score(row, c) - largest); }
  }
  sum = workgroup_sum(sum, thread);
  for (var c = thread; c < params.keys; c += threads) {
    var probability = 0.0;
    if (is_visible(row, c)) { probability = exp_of(score(row, c) - largest) / sum; }
    // Every visible score is −Infinity. A sum that is NaN must stay NaN.
    if (sum == 0.0) { probability = 0.0; }
    out[params.out_offset + row * params.keys + c] = to_activation(probability);
  }
}
