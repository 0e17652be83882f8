// Maximum, exp, erf, tanh and the two forms of GELU in f32, over its whole range. Arguments are clamped to where the function
// still changes. NaN is preserved, and tested by its bits, since a compiler may replace x != x by false.

fn is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}

// The built-in maximum may ignore NaN.
fn larger_of(a: f32, b: f32) -> f32 {
  return select(select(max(a, b), b, is_nan(b)), a, is_nan(a));
}

// On some devices exp(NaN) is 0.
fn exp_of(x: f32) -> f32 {
  return select(exp(x), x, is_nan(x));
}

fn tanh_of(x: f32) -> f32 {
  // 1 − 2 / (e^2|x| + 1), which is 1 in f32 for |x| > 10.
  let e = exp(2.0 * min(abs(x), 10.0));
  let t = 1.0 - 2.0 / (e + 1.0);
  let signed = select(t, -t, x < 0.0);
  return select(signed, x, is_nan(x));
}

// Abramowitz and Stegun, 7.1.26: |error| ≤ 1.5e-7.
fn erf_of(x: f32) -> f32 {
  let z = min(abs(x), 6.0);
  let t = 1.0 / fma(0.3275911, z, 1.0);
  var p = fma(1.061405429, t, -1.453152027);
  p = fma(p, t, 1.421413741);
  p = fma(p, t, -0.284496736);
  p = fma(p, t, 0.254829592);
  let r = fma(-p * t, exp(-z * z), 1.0);
  return select(r, -r, x < 0.0);
}

// erf: x · Φ(x) = x/2 · (1 + erf(x / √2)); tanh: x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))).
fn gelu_of(x: f32, tanh_form: bool) -> f32 {
  if (tanh_form) {
    let inner = 0.7978845608028654 * x * fma(0.044715 * x, x, 1.0);
    return 0.5 * x * (1.0 + tanh_of(inner));
  }
  return 0.5 * x * (1.0 + erf_of(x * 0.7071067811865476));
}
