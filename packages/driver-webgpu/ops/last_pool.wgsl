// out[b] = the last row of sequence b, zeros if it has no rows. x [tokens, cols], starts [batch + 1], out [batch, cols].
// One thread owns one element.
@group(0) @binding(0) var<storage, read> x: array<Activation>;
@group(0) @binding(1) var<storage, read> starts: array<u32>;
@group(0) @binding(2) var<storage, read_write> out: array<Activation>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = group_index(group, groups) * 256 + thread;
  if (i >= params.size) { return; }
  let sequence = params.starts_offset + i / params.cols;
  let end = starts[sequence + 1];
  var value = Activation();
  if (starts[sequence] < end) {
    value = x[params.x_offset + (end - 1) * params.cols + i % params.cols];
  }
  out[params.out_offset + i] = value;
}
