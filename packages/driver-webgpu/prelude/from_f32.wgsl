// What is converted.
alias From = f32;
