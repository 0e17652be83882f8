// out = (x − mean) / √(variance + eps) · weight + bias over a row; x, out [rows, cols], weight, bias [cols] f32. One
// workgroup owns one row, thread t its columns t, t + threads, … Mean first, then the squares around it, in f32.
struct Params {
  x_offset: u32,
  weight_offset: u32,
  bias_offset: u32,
  out_offset: u32,
  rows: u32,
  cols: u32,
  has_bias: u32,
  eps: f32,
}

@group(0) @binding(0) var<storage, read> x: array<Storage>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<Storage>;
@group(0) @binding(4) var<uniform> params: Params;

@compute @workgroup_size(threads)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let row = group_index(group, groups);
  if (row >= params.rows) { return; }
  let first = params.x_offset + row * params.cols;
  var sum = 0.0;
  for (var c = thread; c < params.cols; c += threads) { sum += f32(x[first + c]); }
  let mean = workgroup_sum(sum, thread) / f32(params.cols);
  var squares = 0.0;
  for (var c = thread; c < params.cols; c += threads) {
    let d = f32(x[first + c]) - mean;
    squares = fma(d, d, squares);
  }
  let variance = workgroup_sum(squares, thread) / f32(params.cols);
  let scale = 1.0 / sqrt(variance + params.eps);
  for (var c = thread; c < params.cols; c += threads) {
    var value = (f32(x[first + c]) - mean) * scale * weight[params.weight_offset + c];
    if (params.has_bias != 0) { value += bias[params.bias_offset + c]; }
    out[params.out_offset + row * params.cols + c] = Storage(value);
  }
}
