// The type of the result.
alias To = i32;

fn converted(x: From) -> i32 {
  let value = f32(x);
  if (is_nan(value)) { return 0; }
  if (value >= 2147483648.0) { return 2147483647; }
  if (value <= -2147483648.0) { return -2147483647 - 1; }
  return i32(value);
}
