// The type that is converted.
alias From = i32;
