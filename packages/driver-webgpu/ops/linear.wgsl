// out = act(left · rightᵀ + bias). left [rows, inputs], right [outputs, inputs], bias [outputs] f32, out
// [rows, outputs]. One workgroup owns one tile of out. For a right in several buffers, each dispatch writes
// the cols columns from first_col on. Sums, bias and activation function are f32.
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<Activation>;

fn load_left(row: u32, k: u32) -> vec4f {
  let count = select(0u, params.inputs - min(k, params.inputs), row < params.rows);
  return left4(params.left_offset + row * params.inputs + k, count);
}

fn load_right(col: u32, k: u32) -> vec4f {
  let count = select(0u, params.inputs - min(k, params.inputs), col < params.cols);
  return right4(params.right_offset + col * params.inputs + k, count);
}

fn store(row: u32, col: u32, sum: f32, scale: f32) {
  if (row >= params.rows || col >= params.cols) { return; }
  var value = sum * scale;
  let column = params.first_col + col;
  if (params.has_bias != 0) { value = fma(sum, scale, bias[params.bias_offset + column]); }
  if (params.activation != 0) { value = gelu_of(value, params.activation == 2); }
  out[params.out_offset + row * params.outputs + column] = to_activation(value);
}

@compute @workgroup_size(matmul_threads)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let index = group_index(group, groups);
  let tiles = (params.cols + tile_cols - 1) / tile_cols;
  matmul_tile(index / tiles * tile_rows, index % tiles * tile_cols, params.inputs, thread);
}
