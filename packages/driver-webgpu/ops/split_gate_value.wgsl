// value = x[:, :cols], gate = x[:, cols:]. x [rows, 2 · cols], value, gate [rows, cols]. One thread owns an element of each.
@group(0) @binding(0) var<storage, read> x: array<Activation>;
@group(0) @binding(1) var<storage, read_write> value: array<Activation>;
@group(0) @binding(2) var<storage, read_write> gate: array<Activation>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = group_index(group, groups) * 256 + thread;
  if (i >= params.size) { return; }
  let first = params.x_offset + i / params.cols * 2 * params.cols + i % params.cols;
  value[params.value_offset + i] = x[first];
  gate[params.gate_offset + i] = x[first + params.cols];
}
