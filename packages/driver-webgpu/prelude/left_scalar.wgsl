// The left operand of a product, read element by element.
@group(0) @binding(0) var<storage, read> left: array<Activation>;

fn left1(index: u32) -> f32 {
  return f32(left[index]);
}

// Elements index … index + 3, the first `count` of which are in the row. The others are zeros.
fn left4(index: u32, count: u32) -> vec4f {
  var values = vec4f();
  if (count > 0) { values.x = f32(left[index]); }
  if (count > 1) { values.y = f32(left[index + 1]); }
  if (count > 2) { values.z = f32(left[index + 2]); }
  if (count > 3) { values.w = f32(left[index + 3]); }
  return values;
}
