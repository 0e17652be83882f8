// The table is a weight in 8 bits, four elements in a word. The scales of its rows, in f32, follow its values.
alias TableWord = u32;

fn table_at(index: u32, row: u32) -> f32 {
  let value = extractBits(bitcast<i32>(table[index / 4]), 8 * (index % 4), 8u);
  return f32(value) * bitcast<f32>(table[params.table_scales + row]);
}
