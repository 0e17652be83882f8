// The table is an activation.
alias TableWord = Storage;

fn table_at(index: u32, row: u32) -> Storage {
  return table[index];
}
