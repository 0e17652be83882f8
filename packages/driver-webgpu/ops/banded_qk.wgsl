// out[i, c] = q[i] · k[i − reach + c], 0 if that key does not exist. q, k [batch, heads, length, head_dim], out [batch, heads,
// length, band].
// One thread owns one element; f32.
@group(0) @binding(0) var<storage, read> q: array<Activation>;
@group(0) @binding(1) var<storage, read> k: array<Activation>;
@group(0) @binding(2) var<storage, read_write> out: array<Activation>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = group_index(group, groups) * 256 + thread;
  if (i >= params.size) { return; }
  let row = i / params.band;
  // The index of the key, plus reach.
  let key = row % params.length + i % params.band;
  var sum = 0.0;
  if (key >= params.reach && key - params.reach < params.length) {
    let from_q = params.q_offset + row * params.head_dim;
    let from_k = params.k_offset + (row - row % params.length + key - params.reach) * params.head_dim;
    for (var d = 0u; d < params.head_dim; d++) { sum = fma(f32(q[from_q + d]), f32(k[from_k + d]), sum); }
  }
  out[params.out_offset + i] = to_activation(sum);
}
