// The type of the result.
alias To = f16;

fn converted(x: From) -> f16 {
  return f16(f32(x));
}
