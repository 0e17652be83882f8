// The right operand of a product is a weight of 16 bits, two elements in a word, read element by element.
@group(0) @binding(1) var<storage, read> right: array<u32>;

fn right1(index: u32) -> f32 {
  return widened((right[index / 2] >> (16 * (index % 2))) & 0xffffu);
}

// Elements index … index + 3, the first `count` of which are in the row. The others are zeros.
fn right4(index: u32, count: u32) -> vec4f {
  var values = vec4f();
  for (var i = 0u; i < min(count, 4u); i++) { values[i] = right1(index + i); }
  return values;
}
