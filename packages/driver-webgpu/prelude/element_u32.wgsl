// Elements of 32 bits are copied as words.
alias Element = u32;
