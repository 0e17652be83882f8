// out = (x − mean) / √(variance + eps) · weight + bias over a row; x, out [rows, cols], weight, bias [cols] f32. One
// workgroup owns one row. First the mean, then the squared deviations from it, in f32.
@group(0) @binding(0) var<storage, read> x: array<Activations>;
@group(0) @binding(1) var<storage, read> weight: array<Values>;
@group(0) @binding(2) var<storage, read> bias: array<Values>;
@group(0) @binding(3) var<storage, read_write> out: array<Activations>;

fn value_at(i: u32) -> Values {
  return Values(x[params.x_offset / width + i]);
}

fn store(i: u32, value: Values, normal: Values) {
  out[params.out_offset / width + i] = to_activations(normal);
}

@compute @workgroup_size(threads)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let row = group_index(group, groups);
  if (row >= params.rows) { return; }
  normalize(row, thread);
}
