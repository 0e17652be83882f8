// Sums and maxima over a workgroup of `threads` (a multiple of 16), always in the same order: 16 threads reduce every 16th
// value, then every thread reduces their results. Two barriers, and one before the next use.
override threads: u32 = 64;
var<workgroup> partial: array<f32, threads>;
var<workgroup> gathered: array<f32, 16>;

fn workgroup_sum(value: f32, thread: u32) -> f32 {
  workgroupBarrier();
  partial[thread] = value;
  workgroupBarrier();
  if (thread < 16) {
    var sum = 0.0;
    for (var i = thread; i < threads; i += 16) { sum += partial[i]; }
    gathered[thread] = sum;
  }
  workgroupBarrier();
  var total = 0.0;
  for (var i = 0u; i < 16; i++) { total += gathered[i]; }
  return total;
}

fn workgroup_max(value: f32, thread: u32) -> f32 {
  workgroupBarrier();
  partial[thread] = value;
  workgroupBarrier();
  if (thread < 16) {
    var largest = partial[thread];
    for (var i = thread + 16; i < threads; i += 16) { largest = max(largest, partial[i]); }
    gathered[thread] = largest;
  }
  workgroupBarrier();
  var largest = gathered[0];
  for (var i = 1u; i < 16; i++) { largest = max(largest, gathered[i]); }
  return largest;
}
