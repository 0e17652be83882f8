// out = gelu(x[:, :cols]) · x[:, cols:]. x [rows, 2 · cols], out [rows, cols].
// One thread owns one element; f32.
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
  let first = params.x_offset + i / params.cols * 2 * params.cols + i % params.cols;
  let value = f32(x[first]);
  let gate = f32(x[first + params.cols]);
  out[params.out_offset + i] = to_activation(gelu_of(value, params.tanh_form != 0) * gate);
}
