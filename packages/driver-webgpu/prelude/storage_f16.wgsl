// Activations are f16; arithmetic is f32.
enable f16;
alias Storage = f16;

// A value as f16. A finite one that f16 cannot hold becomes NaN: an infinity could vanish in a later op, such as tanh,
// and some devices give 65504. From 65520 on (0x477ff000 in bits) a value rounds to 65536, the first beyond f16.
fn stored(value: f32) -> f16 {
  let bits = bitcast<u32>(value);
  let magnitude = bits & 0x7fffffffu;
  let is_beyond = magnitude >= 0x477ff000u && magnitude < 0x7f800000u;
  return f16(bitcast<f32>(select(bits, 0x7fc00000u, is_beyond)));
}
