// The table is an activation.
alias Kept = Storage;

fn table_at(index: u32, row: u32) -> Storage {
  return table[index];
}
