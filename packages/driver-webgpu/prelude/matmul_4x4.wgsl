// A tile of 64 × 64: 4 × 4 elements a thread. 10 KiB of workgroup memory.
const tile_rows = 64u;
const tile_cols = 64u;
var<workgroup> left_tile: array<vec4f, 64 * stride>;
var<workgroup> right_tile: array<vec4f, 64 * stride>;

fn matmul_tile(first_row: u32, first_col: u32, inner: u32, thread: u32) {
  let x = thread % 16;
  let y = thread / 16;
  let row = thread / depth;
  let group = thread % depth;
  var sum0 = vec4f();
  var sum1 = vec4f();
  var sum2 = vec4f();
  var sum3 = vec4f();
  for (var k = 0u; k < inner; k += 4 * depth) {
    workgroupBarrier();
    left_tile[row * stride + group] = load_left(first_row + row, k + 4 * group);
    right_tile[row * stride + group] = load_right(first_col + row, k + 4 * group);
    workgroupBarrier();
    for (var g = 0u; g < depth; g++) {
      let l0 = left_tile[y * stride + g];
      let l1 = left_tile[(y + 16) * stride + g];
      let l2 = left_tile[(y + 32) * stride + g];
      let l3 = left_tile[(y + 48) * stride + g];
      let r0 = right_tile[x * stride + g];
      let r1 = right_tile[(x + 16) * stride + g];
      let r2 = right_tile[(x + 32) * stride + g];
      let r3 = right_tile[(x + 48) * stride + g];
      let c0 = vec4f(r0.x, r1.x, r2.x, r3.x);
      let c1 = vec4f(r0.y, r1.y, r2.y, r3.y);
      let c2 = vec4f(r0.z, r1.z, r2.z, r3.z);
      let c3 = vec4f(r0.w, r1.w, r2.w, r3.w);
      sum0 = fma(vec4f(l0.w), c3, fma(vec4f(l0.z), c2, fma(vec4f(l0.y), c1, fma(vec4f(l0.x), c0, sum0))));
      sum1 = fma(vec4f(l1.w), c3, fma(vec4f(l1.z), c2, fma(vec4f(l1.y), c1, fma(vec4f(l1.x), c0, sum1))));
      sum2 = fma(vec4f(l2.w), c3, fma(vec4f(l2.z), c2, fma(vec4f(l2.y), c1, fma(vec4f(l2.x), c0, sum2))));
      sum3 = fma(vec4f(l3.w), c3, fma(vec4f(l3.z), c2, fma(vec4f(l3.y), c1, fma(vec4f(l3.x), c0, sum3))));
    }
  }
  store_row(first_row + y, first_col + x, sum0);
  store_row(first_row + y + 16, first_col + x, sum1);
  store_row(first_row + y + 32, first_col + x, sum2);
  store_row(first_row + y + 48, first_col + x, sum3);
}

fn store_row(row: u32, col: u32, sums: vec4f) {
  store(row, col, sums.x);
  store(row, col + 16, sums.y);
  store(row, col + 32, sums.z);
  store(row, col + 48, sums.w);
}
