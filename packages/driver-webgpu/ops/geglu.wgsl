// out = gelu(value) · gate, all of one shape.
// One thread owns one element; f32.
@group(0) @binding(0) var<storage, read> value: array<Activation>;
@group(0) @binding(1) var<storage, read> gate: array<Activation>;
@group(0) @binding(2) var<storage, read_write> out: array<Activation>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = group_index(group, groups) * 256 + thread;
  if (i >= params.size) { return; }
  out[params.out_offset + i] = to_activation(gelu_of(f32(value[params.value_offset + i]), params.tanh_form != 0) * f32(gate[params.gate_offset + i]));
}
