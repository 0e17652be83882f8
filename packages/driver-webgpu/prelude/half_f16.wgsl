// Converts the 16 bits of an f16 to f32, subnormals included.
fn widened(half: u32) -> f32 {
  let sign = (half & 0x8000u) << 16;
  let rest = half & 0x7fffu;
  if (rest < 0x0400u) {
    // Below 2⁻¹⁴: a multiple of 2⁻²⁴.
    return bitcast<f32>(sign | bitcast<u32>(f32(rest) * 0x1p-24));
  }
  if (rest >= 0x7c00u) {
    return bitcast<f32>(sign | 0x7f800000u | ((rest & 0x3ffu) << 13));
  }
  return bitcast<f32>(sign | ((rest << 13) + 0x38000000u));
}
