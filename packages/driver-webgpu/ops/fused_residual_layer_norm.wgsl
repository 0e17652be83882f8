// out = layer_norm(x + residual), and sum = x + residual if it is requested. x, residual, sum, out [rows, cols],
// weight, bias [cols] f32. One workgroup owns one row. The sum is rounded to the dtype of the
// activations before it is normalised, as if residual_add had stored it.
@group(0) @binding(0) var<storage, read> x: array<Activations>;
@group(0) @binding(1) var<storage, read> residual: array<Activations>;
@group(0) @binding(2) var<storage, read> weight: array<Values>;
@group(0) @binding(3) var<storage, read> bias: array<Values>;
@group(0) @binding(4) var<storage, read_write> sum: array<Activations>;
@group(0) @binding(5) var<storage, read_write> out: array<Activations>;

fn value_at(i: u32) -> Values {
  let whole = Values(x[params.x_offset / width + i]) + Values(residual[params.residual_offset / width + i]);
  return Values(to_activations(whole));
}

fn store(i: u32, value: Values, normal: Values) {
  if (params.has_sum != 0) { sum[params.sum_offset / width + i] = to_activations(value); }
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
