// out = x / max(‖x‖₂, 1e-12) over a row; x, out [rows, cols]. One workgroup owns one row, and thread t its columns t,
// t + threads, … The row is first scaled by a power of 2 near its largest value, so that no square overflows or underflows.
@group(0) @binding(0) var<storage, read> x: array<Activation>;
@group(0) @binding(1) var<storage, read_write> out: array<Activation>;

@compute @workgroup_size(threads)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let row = group_index(group, groups);
  if (row >= params.rows) { return; }
  let first = params.x_offset + row * params.cols;
  var largest = 0.0;
  for (var c = thread; c < params.cols; c += threads) { largest = max(largest, abs(f32(x[first + c]))); }
  // 2^e, the exponent alone: multiplying by 2^-e is exact.
  let exponent = bitcast<u32>(clamp(workgroup_max(largest, thread), 1e-30, 1e30)) & 0x7f800000u;
  let inverse = bitcast<f32>(0x7f000000u - exponent);
  var squares = 0.0;
  for (var c = thread; c < params.cols; c += threads) {
    let value = f32(x[first + c]) * inverse;
    squares = fma(value, value, squares);
  }
  var length = sqrt(workgroup_sum(squares, thread));
  // Not max, since a length that is NaN must stay NaN.
  if (length < 1e-12 * inverse) { length = 1e-12 * inverse; }
  for (var c = thread; c < params.cols; c += threads) {
    out[params.out_offset + row * params.cols + c] = to_activation(f32(x[first + c]) * inverse / length);
  }
}
