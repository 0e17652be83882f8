// Normalises a row whose ends lie at multiples of four elements, of at most 16 · threads: thread t keeps the groups of
// four columns t, t + threads, … in registers. The op gives value_at(i), group i of the rows; gain_at(c) and
// shift_at(c) of a group of columns; store(i, value, normal).
alias Values = vec4f;
alias Stored = vec4<Storage>;
const lanes = 4u;

fn stored_values(values: vec4f) -> Stored {
  return Stored(stored(values.x), stored(values.y), stored(values.z), stored(values.w));
}

fn normalize(row: u32, thread: u32) {
  let groups = params.cols / 4;
  let first = row * groups;
  var values: array<vec4f, 4>;
  var sums = vec4f();
  for (var i = 0u; i < 4; i++) {
    let c = thread + i * threads;
    if (c < groups) {
      values[i] = value_at(first + c);
      sums += values[i];
    }
  }
  let mean = row_mean(sums, thread);
  var squares = vec4f();
  for (var i = 0u; i < 4; i++) {
    let d = values[i] - mean;
    if (thread + i * threads < groups) { squares = fma(d, d, squares); }
  }
  let variance = row_mean(squares, thread);
  let scale = 1.0 / sqrt(variance + params.eps);
  for (var i = 0u; i < 4; i++) {
    let c = thread + i * threads;
    if (c < groups) {
      let normal = fma((values[i] - mean) * scale, gain_at(c), shift_at(c));
      store(first + c, values[i], normal);
    }
  }
}
