// Converts the 16 bits of a bf16 to f32: they are its upper half.
fn widened(half: u32) -> f32 {
  return bitcast<f32>(half << 16);
}
