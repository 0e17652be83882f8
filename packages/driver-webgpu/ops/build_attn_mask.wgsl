// out[b, s] = 0 where sequence b has a token s, −Infinity after its end. starts [batch + 1], out [batch, length] f32, written
// as bits, since WGSL has no constant for infinity. One thread owns one element.
@group(0) @binding(0) var<storage, read> starts: array<u32>;
@group(0) @binding(1) var<storage, read_write> out: array<u32>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = group_index(group, groups) * 256 + thread;
  if (i >= params.size) { return; }
  let sequence = params.starts_offset + i / params.length;
  let token = starts[sequence] + i % params.length;
  out[params.out_offset + i] = select(0xff800000u, 0u, token < starts[sequence + 1]);
}
