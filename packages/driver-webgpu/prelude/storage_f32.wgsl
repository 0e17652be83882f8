// Activations are f32.
alias Storage = f32;

fn stored(value: f32) -> f32 {
  return value;
}
