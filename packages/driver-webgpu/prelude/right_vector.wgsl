// The right operand of a product, whose rows start and end at multiples of four elements.
@group(0) @binding(1) var<storage, read> right: array<vec4<Right>>;

fn right1(index: u32) -> f32 {
  return f32(right[index / 4][index % 4]);
}

// Elements index … index + 3, or zeros if `count` is 0.
fn right4(index: u32, count: u32) -> vec4f {
  return select(vec4f(), vec4f(right[index / 4]), count > 0);
}
