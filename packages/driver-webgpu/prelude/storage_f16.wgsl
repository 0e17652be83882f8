// Activations are kept as f16; arithmetic is f32.
enable f16;
alias Storage = f16;
