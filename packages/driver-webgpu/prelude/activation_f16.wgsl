// Activations are f16; arithmetic is f32.
enable f16;
alias Activation = f16;

// Rounds to f16. A finite value that f16 cannot hold becomes NaN, since an infinity may disappear in a later op, such as
// tanh, and some devices give 65504. 65520, or 0x477ff000 in bits, is the smallest value that rounds to more than that.
fn to_activation(value: f32) -> f16 {
  let bits = bitcast<u32>(value);
  let magnitude = bits & 0x7fffffffu;
  let is_beyond = magnitude >= 0x477ff000u && magnitude < 0x7f800000u;
  return f16(bitcast<f32>(select(bits, 0x7fc00000u, is_beyond)));
}
