// The left operand of a product, whose rows start and end at multiples of four elements.
@group(0) @binding(0) var<storage, read> left: array<vec4<Activation>>;

fn left1(index: u32) -> f32 {
  return f32(left[index / 4][index % 4]);
}

// Elements index … index + 3, or zeros if `count` is 0.
fn left4(index: u32, count: u32) -> vec4f {
  return select(vec4f(), vec4f(left[index / 4]), count > 0);
}
