// The table is a weight in f32.
alias Table = f32;
