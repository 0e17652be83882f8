// Elements of 32 bits are moved as they are.
alias Element = u32;
