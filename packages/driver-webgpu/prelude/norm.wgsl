// What normalises a row, apart from how it is read: see norm_scalar and norm_vector, of which one stands behind.

// Of a column, or of four.
fn gain_at(c: u32) -> Values {
  return weight[params.weight_offset / lanes + c];
}

fn shift_at(c: u32) -> Values {
  if (params.has_bias == 0) { return Values(); }
  return bias[params.bias_offset / lanes + c];
}

// The mean of the row, of what each thread has of the sum.
fn row_mean(sums: vec4f, thread: u32) -> f32 {
  return workgroup_sum((sums.x + sums.y) + (sums.z + sums.w), thread) / f32(params.cols);
}
