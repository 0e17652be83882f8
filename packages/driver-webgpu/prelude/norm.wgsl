// The part of normalising a row that does not depend on how it is read. norm_scalar or norm_vector follows.

// The weight of a column, or of four columns.
fn gain_at(c: u32) -> Values {
  return weight[params.weight_offset / width + c];
}

fn shift_at(c: u32) -> Values {
  if (params.has_bias == 0) { return Values(); }
  return bias[params.bias_offset / width + c];
}

// The mean of the row, from the part of the sum that each thread has.
fn row_mean(sums: vec4f, thread: u32) -> f32 {
  return workgroup_sum((sums.x + sums.y) + (sums.z + sums.w), thread) / f32(params.cols);
}
