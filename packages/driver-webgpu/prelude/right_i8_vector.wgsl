// The right operand of a product is a weight in 8 bits, whose rows start and end at multiples of four elements. See scale_rows.
@group(0) @binding(1) var<storage, read> right: array<u32>;

fn right1(index: u32) -> f32 {
  return f32(extractBits(bitcast<i32>(right[index / 4]), 8 * (index % 4), 8u));
}

// Elements index … index + 3, or zeros if `count` is 0.
fn right4(index: u32, count: u32) -> vec4f {
  let word = bitcast<i32>(right[index / 4]);
  let values = vec4f((vec4i(word) << vec4u(24, 16, 8, 0)) >> vec4u(24));
  return select(vec4f(), values, count > 0);
}
