// out = softmax(scale · x) over the existing keys of the band, 0 for the others. x, out [batch, heads, length, band], starts
// [batch + 1]; column c of row i is key i − reach + c. One workgroup owns one row, and thread t its columns t, t + threads, …
@group(0) @binding(0) var<storage, read> x: array<Activation>;
@group(0) @binding(1) var<storage, read> starts: array<u32>;
@group(0) @binding(2) var<storage, read_write> out: array<Activation>;

const lowest = -0x1.fffffep+127; // the lowest f32

fn score(row: u32, column: u32) -> f32 {
  return f32(x[params.x_offset + row * params.band + column]) * params.scale;
}

fn is_visible(row: u32, column: u32) -> bool {
  let sequence = params.starts_offset + row / params.rows_of_sequence;
  // The index of the key, plus reach.
  let key = row % params.length + column;
  return key >= params.reach && key - params.reach < starts[sequence + 1] - starts[sequence];
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
  for (var c = thread; c < params.band; c += threads) {
    if (is_visible(row, c)) { largest = max(largest, score(row, c)); }
  }
  largest = workgroup_max(largest, thread);
  var sum = 0.0;
  for (var c = thread; c < params.band; c += threads) {
    if (is_visible(row, c)) { sum += exp_of(score(row, c) - largest); }
  }
  sum = workgroup_sum(sum, thread);
  for (var c = thread; c < params.band; c += threads) {
    var probability = 0.0;
    if (is_visible(row, c)) { probability = exp_of(score(row, c) - largest) / sum; }
    // Every visible score is −Infinity. A sum that is NaN must stay NaN.
    if (sum == 0.0) { probability = 0.0; }
    out[params.out_offset + row * params.band + c] = to_activation(probability);
  }
}
