// The type of the result.
alias To = f32;

fn converted(x: From) -> f32 {
  return f32(x);
}
