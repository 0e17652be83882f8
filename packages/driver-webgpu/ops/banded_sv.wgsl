// out[i] = Σ p[i, c] · v[i − reach + c] over the existing keys. p [batch, heads, length, band], v, out [batch, heads, length,
// head_dim].
// One thread owns one element; f32.
@group(0) @binding(0) var<storage, read> p: array<Activation>;
@group(0) @binding(1) var<storage, read> v: array<Activation>;
@group(0) @binding(2) var<storage, read_write> out: array<Activation>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = group_index(group, groups) * 256 + thread;
  if (i >= params.size) { return; }
  let row = i / params.head_dim;
  let d = i % params.head_dim;
  let place = row % params.length;
  let first = params.reach - min(params.reach, place);
  let end = min(params.band, params.length + params.reach - place);
  var sum = 0.0;
  for (var c = first; c < end; c++) {
    let key = row + c - params.reach;
    sum = fma(f32(p[params.p_offset + row * params.band + c]), f32(v[params.v_offset + key * params.head_dim + d]), sum);
  }
  out[params.out_offset + i] = to_activation(sum);
}
