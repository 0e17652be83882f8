// out = left · right, or left · rightᵀ. left [rows, inner], right [inner, cols] or [cols, inner], out [rows, cols].
// One workgroup owns one tile of out; as in linear, a right in several buffers takes one dispatch for each of them.
@group(0) @binding(2) var<storage, read_write> out: array<Activation>;

fn load_left(row: u32, k: u32) -> vec4f {
  let count = select(0u, params.inner - min(k, params.inner), row < params.rows);
  return left4(params.left_offset + row * params.inner + k, count);
}

fn load_right(col: u32, k: u32) -> vec4f {
  let count = select(0u, params.inner - min(k, params.inner), col < params.cols);
  if (params.transpose_right != 0) {
    return right4(params.right_offset + col * params.inner + k, count);
  }
  var values = vec4f();
  for (var i = 0u; i < min(count, 4u); i++) {
    values[i] = right1(params.right_offset + (k + i) * params.cols + col);
  }
  return values;
}

fn store(row: u32, col: u32, sum: f32, scale: f32) {
  if (row >= params.rows || col >= params.cols) { return; }
  out[params.out_offset + row * params.outputs + params.first_col + col] = to_activation(sum * scale);
}

@compute @workgroup_size(matmul_threads)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let index = group_index(group, groups);
  let tiles = (params.cols + tile_cols - 1) / tile_cols;
  matmul_tile(index / tiles * tile_rows, index % tiles * tile_cols, params.inner, thread);
}
