// The table is a weight in 8 bits, four in a word; behind its values lie the scales of its rows, in f32.
alias Kept = u32;

fn table_at(index: u32, row: u32) -> f32 {
  let value = extractBits(bitcast<i32>(table[index / 4]), 8 * (index % 4), 8u);
  let product = f32(value) * bitcast<f32>(table[params.table_scales + row]);
  // It is rounded before it is added: a weight starts at 0, which no compiler knows that would fuse the two.
  return bitcast<f32>(bitcast<u32>(product) ^ params.table_offset);
}
