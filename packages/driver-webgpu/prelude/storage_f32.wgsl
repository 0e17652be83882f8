// Activations are kept as f32.
alias Storage = f32;
