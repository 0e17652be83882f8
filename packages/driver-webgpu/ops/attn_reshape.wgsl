// out[b, s, h · head_dim …] = x[b, h, s]. x [batch, heads, length, head_dim], out [batch, length, heads · head_dim]. One thread
// owns one element.
@group(0) @binding(0) var<storage, read> x: array<Activation>;
@group(0) @binding(1) var<storage, read_write> out: array<Activation>;

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
  let at = ((sequence * params.length + place) * params.heads + head) * params.head_dim + d;
  out[params.out_offset + at] = x[params.x_offset + i];
}
