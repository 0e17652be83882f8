// out = x + bias. x, out [rows, cols], bias [cols] f32.
// One thread owns one element; f32.
@group(0) @binding(0) var<storage, read> x: array<Activation>;
@group(0) @binding(1) var<storage, read> bias: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<Activation>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = group_index(group, groups) * 256 + thread;
  if (i >= params.size) { return; }
  out[params.out_offset + i] = to_activation(f32(x[params.x_offset + i]) + bias[params.bias_offset + i % params.cols]);
}
