// out[b] = the mean of the rows of sequence b, zeros if it has no rows. x [tokens, cols], starts [batch + 1], out
// [batch, cols]. One thread owns one element and adds its column in the order of the rows, in f32.
@group(0) @binding(0) var<storage, read> x: array<Activation>;
@group(0) @binding(1) var<storage, read> starts: array<u32>;
@group(0) @binding(2) var<storage, read_write> out: array<Activation>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = group_index(group, groups) * 64 + thread;
  if (i >= params.size) { return; }
  let sequence = params.starts_offset + i / params.cols;
  let start = starts[sequence];
  let end = starts[sequence + 1];
  var sum = 0.0;
  for (var row = start; row < end; row++) {
    sum += f32(x[params.x_offset + row * params.cols + i % params.cols]);
  }
  if (end > start) { sum /= f32(end - start); }
  out[params.out_offset + i] = to_activation(sum);
}
