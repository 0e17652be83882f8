// For each g: out[g·stride_out …] (rows × cols) = left[g·stride_left …] (rows × inner) times right[g·stride_right …]
// (inner × cols, or cols × inner when transposed). One workgroup owns one tile of one product.
@group(0) @binding(2) var<storage, read_write> out: array<Activation>;

// The product that the workgroup computes.
var<private> product: u32;

fn load_left(row: u32, k: u32) -> vec4f {
  let count = select(0u, params.inner - min(k, params.inner), row < params.rows);
  return left4(params.left_offset + product * params.stride_left + row * params.inner + k, count);
}

fn load_right(col: u32, k: u32) -> vec4f {
  let count = select(0u, params.inner - min(k, params.inner), col < params.cols);
  let first = params.right_offset + product * params.stride_right;
  if (params.transpose_right != 0) {
    return right4(first + col * params.inner + k, count);
  }
  var values = vec4f();
  for (var i = 0u; i < min(count, 4u); i++) {
    values[i] = right1(first + (k + i) * params.cols + col);
  }
  return values;
}

fn store(row: u32, col: u32, sum: f32, scale: f32) {
  if (row >= params.rows || col >= params.cols) { return; }
  out[params.out_offset + product * params.stride_out + row * params.cols + col] = to_activation(sum * scale);
}

@compute @workgroup_size(matmul_threads)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let index = group_index(group, groups);
  let across = (params.cols + tile_cols - 1) / tile_cols;
  let down = (params.rows + tile_rows - 1) / tile_rows;
  let own = index / (across * down);
  if (own >= params.batch) { return; }
  product = own;
  let tile = index % (across * down);
  matmul_tile(tile / across * tile_rows, tile % across * tile_cols, params.inner, thread);
}
