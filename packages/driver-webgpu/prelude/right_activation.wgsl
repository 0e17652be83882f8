// The right operand of a product is an activation.
alias Right = Activation;
