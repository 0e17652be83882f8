// The right operand of a product, read element by element.
@group(0) @binding(1) var<storage, read> right: array<Right>;

fn right1(index: u32) -> f32 {
  return f32(right[index]);
}

// Elements index … index + 3, the first `count` of which are in the row. The others are zeros.
fn right4(index: u32, count: u32) -> vec4f {
  var values = vec4f();
  if (count > 0) { values.x = f32(right[index]); }
  if (count > 1) { values.y = f32(right[index + 1]); }
  if (count > 2) { values.z = f32(right[index + 2]); }
  if (count > 3) { values.w = f32(right[index + 3]); }
  return values;
}
