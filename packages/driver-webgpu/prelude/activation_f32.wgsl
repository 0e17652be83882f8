// Activations are f32.
alias Activation = f32;

fn to_activation(value: f32) -> f32 {
  return value;
}
