// The right operand of a product has no scales.
fn scale_of(col: u32) -> f32 {
  return 1.0;
}
