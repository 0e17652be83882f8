// out[r] = table[ids[r]]. table [vocab, cols], ids [rows], out [rows, cols]. One thread owns one element. For a table in
// several buffers, each dispatch writes the rows whose ids are among the table_rows rows from first_row on.
@group(0) @binding(0) var<storage, read> table: array<TableWord>;
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read_write> out: array<Activation>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let i = group_index(group, groups) * 256 + thread;
  if (i >= params.size) { return; }
  let id = ids[params.ids_offset + i / params.cols] - params.first_row;
  if (id >= params.table_rows) { return; }
  out[params.out_offset + i] = to_activation(f32(table_at(params.table_offset + id * params.cols + i % params.cols, id)));
}
