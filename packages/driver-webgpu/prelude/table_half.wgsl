// The table is a weight of 16 bits, two elements in a word.
alias TableWord = u32;

fn table_at(index: u32, row: u32) -> f32 {
  return widened((table[index / 2] >> (16 * (index % 2))) & 0xffffu);
}
