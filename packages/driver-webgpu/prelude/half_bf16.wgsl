// Widens a bf16, given as 16 bits: it is the upper half of an f32.
fn widened(half: u32) -> f32 {
  return bitcast<f32>(half << 16);
}
