// out = x with its first `heads` heads rotated: for each pair (a, b), half a head apart, a cos − b sin goes to the first half
// of the head and b cos + a sin to the second. x, out [rows, width], cos, sin [positions, head_dim / 2], positions [rows].
// One thread owns one element; f32.
@group(0) @binding(0) var<storage, read> x: array<Activation>;
@group(0) @binding(1) var<storage, read> cos_table: array<f32>;
@group(0) @binding(2) var<storage, read> sin_table: array<f32>;
@group(0) @binding(3) var<storage, read> positions: array<u32>;
@group(0) @binding(4) var<storage, read_write> out: array<Activation>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = group_index(group, groups) * 256 + thread;
  if (i >= params.size) { return; }
  let at = params.x_offset + i;
  let column = i % params.width;
  let half = params.head_dim / 2;
  let d = column % params.head_dim;
  let own = f32(x[at]);
  if (column >= params.heads * params.head_dim) {
    out[params.out_offset + i] = x[at];
    return;
  }
  let angle = positions[params.positions_offset + i / params.width] * half + d % half;
  let c = cos_table[params.cos_table_offset + angle];
  let s = sin_table[params.sin_table_offset + angle];
  if (d < half) {
    out[params.out_offset + i] = to_activation(fma(own, c, -(f32(x[at + half]) * s)));
  } else {
    out[params.out_offset + i] = to_activation(fma(own, c, f32(x[at - half]) * s));
  }
}
