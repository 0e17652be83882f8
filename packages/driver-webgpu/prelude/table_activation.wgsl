// The table is an activation.
alias TableWord = Activation;

fn table_at(index: u32, row: u32) -> Activation {
  return table[index];
}
