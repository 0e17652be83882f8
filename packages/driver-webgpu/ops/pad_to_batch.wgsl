// out[b, s] = x[starts[b] + s], zeros after the end of each sequence. x [tokens, cols], starts [batch + 1], out [batch, length,
// cols]. One thread owns one element of out.
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
  let column = i % params.cols;
  let place = i / params.cols % params.length;
  let sequence = params.starts_offset + i / params.cols / params.length;
  let token = starts[sequence] + place;
  var value = Activation();
  if (token < starts[sequence + 1]) { value = x[params.x_offset + token * params.cols + column]; }
  out[params.out_offset + i] = value;
}
