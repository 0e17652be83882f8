// Sums and maxima over a workgroup of `threads` (a power of 2), in an order that is always the same.
override threads: u32 = 64;
var<workgroup> partial: array<f32, threads>;

fn workgroup_sum(value: f32, thread: u32) -> f32 {
  workgroupBarrier();
  partial[thread] = value;
  for (var half = threads / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if (thread < half) {
      partial[thread] += partial[thread + half];
    }
  }
  return workgroupUniformLoad(&partial[0]);
}

fn workgroup_max(value: f32, thread: u32) -> f32 {
  workgroupBarrier();
  partial[thread] = value;
  for (var half = threads / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if (thread < half) {
      partial[thread] = max(partial[thread], partial[thread + half]);
    }
  }
  return workgroupUniformLoad(&partial[0]);
}
