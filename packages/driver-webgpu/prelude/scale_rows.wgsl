// Each row of the right operand has a scale, an f32 after all its values. It multiplies the column of the product.
fn scale_of(col: u32) -> f32 {
  return bitcast<f32>(right[params.right_scales + col]);
}
