// out = x in another dtype: floats are rounded to nearest even; integers are truncated and saturated, and 0 for NaN. One thread owns one element.
@group(0) @binding(0) var<storage, read> x: array<From>;
@group(0) @binding(1) var<storage, read_write> out: array<To>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = group_index(group, groups) * 256 + thread;
  if (i >= params.size) { return; }
  out[params.out_offset + i] = converted(x[params.x_offset + i]);
}
