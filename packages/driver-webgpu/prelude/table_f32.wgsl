// The table is a weight in f32.
alias TableWord = f32;

fn table_at(index: u32, row: u32) -> f32 {
  return table[index];
}
