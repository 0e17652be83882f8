// What is converted.
alias From = i32;
