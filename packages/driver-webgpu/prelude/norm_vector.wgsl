// Normalises a row that starts and ends at multiples of four elements and has at most 16 · threads of them. Thread t keeps
// the groups of four columns t, t + threads, … in registers. The op defines value_at(i), which returns group i of the rows,
// and store(i, value, normal).
alias Values = vec4f;
alias Activations = vec4<Activation>;
const width = 4u; // elements of a Values

fn to_activations(values: vec4f) -> Activations {
  return Activations(to_activation(values.x), to_activation(values.y), to_activation(values.z), to_activation(values.w));
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
