// Elements of 16 bits may start in the middle of a word: they are copied as f16.
enable f16;
alias Element = f16;
