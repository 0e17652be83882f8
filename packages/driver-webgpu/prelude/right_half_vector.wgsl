// The right operand of a product is a weight of 16 bits, whose rows start and end at multiples of four elements.
@group(0) @binding(1) var<storage, read> right: array<vec2u>;

fn right1(index: u32) -> f32 {
  return widened((right[index / 4][(index / 2) % 2] >> (16 * (index % 2))) & 0xffffu);
}

// Elements index … index + 3, or zeros if `count` is 0.
fn right4(index: u32, count: u32) -> vec4f {
  let words = right[index / 4];
  let values = vec4f(
    widened(words.x & 0xffffu), widened(words.x >> 16),
    widened(words.y & 0xffffu), widened(words.y >> 16),
  );
  return select(vec4f(), values, count > 0);
}
