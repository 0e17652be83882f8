// The table is an activation.
alias Table = Storage;
