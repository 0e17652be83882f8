// The right operand of a product is a weight in f32.
alias Right = f32;
