// The type of the result.
alias To = f16;

// Rounds to f16. A finite value that f16 cannot hold becomes infinity, which is set here, since some devices give 65504.
// 65520, or 0x477ff000 in bits, is the smallest value that rounds to more than that.
fn converted(x: From) -> f16 {
  let bits = bitcast<u32>(f32(x));
  let magnitude = bits & 0x7fffffffu;
  let is_beyond = magnitude >= 0x477ff000u && magnitude < 0x7f800000u;
  return f16(bitcast<f32>(select(bits, (bits & 0x80000000u) | 0x7f800000u, is_beyond)));
}
