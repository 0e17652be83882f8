// A tile of 16 × 16: one element a thread, for few rows. 10 KiB of workgroup memory: a step is 4 times as deep.
const tile_rows = 16u;
const tile_cols = 16u;
const steps = 4 * depth;
const wide = steps + 1;
var<workgroup> left_tile: array<vec4f, 16 * wide>;
var<workgroup> right_tile: array<vec4f, 16 * wide>;

fn matmul_tile(first_row: u32, first_col: u32, inner: u32, thread: u32) {
  let x = thread % 16;
  let y = thread / 16;
  var sum = 0.0;
  for (var k = 0u; k < inner; k += 4 * steps) {
    workgroupBarrier();
    left_tile[y * wide + x] = load_left(first_row + y, k + 4 * x);
    right_tile[y * wide + x] = load_right(first_col + y, k + 4 * x);
    workgroupBarrier();
    for (var g = 0u; g < steps; g++) {
      let l = left_tile[y * wide + g];
      let r = right_tile[x * wide + g];
      sum = fma(l.w, r.w, fma(l.z, r.z, fma(l.y, r.y, fma(l.x, r.x, sum))));
    }
  }
  store(first_row + y, first_col + x, sum);
}
