// The type that is converted.
alias From = f32;
