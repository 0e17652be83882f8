// out = layer_norm(x + residual), and sum = x + residual where it is asked for. x, residual, sum, out [rows, cols],
// weight, bias [cols] f32. One workgroup owns one row, thread t its columns t, t + threads, … As layer_norm, on
// the sum as it is stored.
struct Params {
  x_offset: u32,
  residual_offset: u32,
  weight_offset: u32,
  bias_offset: u32,
  sum_offset: u32,
  out_offset: u32,
  rows: u32,
  cols: u32,
  has_bias: u32,
  has_sum: u32,
  eps: f32,
}

@group(0) @binding(0) var<storage, read> x: array<Storage>;
@group(0) @binding(1) var<storage, read> residual: array<Storage>;
@group(0) @binding(2) var<storage, read> weight: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> sum: array<Storage>;
@group(0) @binding(5) var<storage, read_write> out: array<Storage>;
@group(0) @binding(6) var<uniform> params: Params;

fn total(at: u32) -> f32 {
  return f32(Storage(f32(x[params.x_offset + at]) + f32(residual[params.residual_offset + at])));
}

@compute @workgroup_size(threads)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let row = group_index(group, groups);
  if (row >= params.rows) { return; }
  let first = row * params.cols;
  var values = 0.0;
  for (var c = thread; c < params.cols; c += threads) { values += total(first + c); }
  let mean = workgroup_sum(values, thread) / f32(params.cols);
  var squares = 0.0;
  for (var c = thread; c < params.cols; c += threads) {
    let d = total(first + c) - mean;
    squares = fma(d, d, squares);
  }
  let variance = workgroup_sum(squares, thread) / f32(params.cols);
  let scale = 1.0 / sqrt(variance + params.eps);
  for (var c = thread; c < params.cols; c += threads) {
    let value = total(first + c);
    if (params.has_sum != 0) { sum[params.sum_offset + first + c] = Storage(value); }
    var normal = (value - mean) * scale * weight[params.weight_offset + c];
    if (params.has_bias != 0) { normal += bias[params.bias_offset + c]; }
    out[params.out_offset + first + c] = Storage(normal);
  }
}
