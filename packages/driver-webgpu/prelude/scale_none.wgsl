// The right operand of a product is read as what it is.
fn scale_of(col: u32) -> f32 {
  return 1.0;
}
