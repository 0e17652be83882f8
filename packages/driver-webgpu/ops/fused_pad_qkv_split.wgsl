// q[b, h, s] = qkv[starts[b] + s, h · head_dim …], k and v likewise, zeros after the end of each sequence. qkv [tokens,
// 3 · heads · head_dim], starts [batch + 1], q, k, v [batch, heads, length, head_dim]. One thread owns an element of each.
@group(0) @binding(0) var<storage, read> qkv: array<Activation>;
@group(0) @binding(1) var<storage, read> starts: array<u32>;
@group(0) @binding(2) var<storage, read_write> q: array<Activation>;
@group(0) @binding(3) var<storage, read_write> k: array<Activation>;
@group(0) @binding(4) var<storage, read_write> v: array<Activation>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = group_index(group, groups) * 256 + thread;
  if (i >= params.size) { return; }
  // i = [sequence, head, place, d]
  let d = i % params.head_dim;
  let place = i / params.head_dim % params.length;
  let head = i / params.head_dim / params.length % params.heads;
  let sequence = i / params.head_dim / params.length / params.heads;
  let width = params.heads * params.head_dim;
  let token = starts[params.starts_offset + sequence] + place;
  let is_token = token < starts[params.starts_offset + sequence + 1];
  let first = params.qkv_offset + token * 3 * width + head * params.head_dim + d;
  var values = array<Activation, 3>();
  if (is_token) { values = array<Activation, 3>(qkv[first], qkv[first + width], qkv[first + 2 * width]); }
  q[params.q_offset + i] = values[0];
  k[params.k_offset + i] = values[1];
  v[params.v_offset + i] = values[2];
}
