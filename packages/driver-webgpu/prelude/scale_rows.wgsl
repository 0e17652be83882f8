// Each row of the right operand has a scale, in f32 behind its values: a factor of the column that it makes.
fn scale_of(col: u32) -> f32 {
  return bitcast<f32>(right[params.right_scales + col]);
}
