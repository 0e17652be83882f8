// The right operand of a product is a weight in 8 bits, four elements in a word, read element by element. See scale_rows.
@group(0) @binding(1) var<storage, read> right: array<u32>;

fn right1(index: u32) -> f32 {
  return f32(extractBits(bitcast<i32>(right[index / 4]), 8 * (index % 4), 8u));
}

// Elements index … index + 3, the first `count` of which are in the row. The others are zeros.
fn right4(index: u32, count: u32) -> vec4f {
  var values = vec4f();
  for (var i = 0u; i < min(count, 4u); i++) { values[i] = right1(index + i); }
  return values;
}
