// Normalises a row of any length and alignment. Thread t owns the columns 4 t … 4 t + 3 of every 4 · threads, and reads them
// again in each step. Sums are added in the order of norm_vector, so a row has the same bits whatever its alignment. The op
// defines value_at(i), which returns element i of the rows, and store(i, value, normal).
alias Values = f32;
alias Activations = Activation;
const width = 1u; // elements of a Values

fn to_activations(values: f32) -> Activation {
  return to_activation(values);
}

fn normalize(row: u32, thread: u32) {
  let first = row * params.cols;
  var sums = vec4f();
  for (var c = 4 * thread; c < params.cols; c += 4 * threads) { sums += four(first, c); }
  let mean = row_mean(sums, thread);
  var squares = vec4f();
  for (var c = 4 * thread; c < params.cols; c += 4 * threads) {
    let is_inside = vec4u(c) + vec4u(0, 1, 2, 3) < vec4u(params.cols);
    let d = select(vec4f(), four(first, c) - mean, is_inside);
    squares = fma(d, d, squares);
  }
  let variance = row_mean(squares, thread);
  let scale = 1.0 / sqrt(variance + params.eps);
  for (var c = thread; c < params.cols; c += threads) {
    let value = value_at(first + c);
    store(first + c, value, fma((value - mean) * scale, gain_at(c), shift_at(c)));
  }
}

// Columns c … c + 3 of a row, zeros after its end.
fn four(first: u32, c: u32) -> vec4f {
  var values = vec4f();
  for (var j = 0u; j < min(params.cols - c, 4u); j++) { values[j] = value_at(first + c + j); }
  return values;
}
