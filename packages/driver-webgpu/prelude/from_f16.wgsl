// What is converted.
alias From = f16;
