// As reduce_workgroup, by subgroups of any size: each of them adds up all that the workgroup wrote, n threads every nth
// value, and then these among themselves. Which thread lies in which subgroup does not matter, nor whether a
// subgroup is full: a thread goes by its rank among those that take part. So the order hangs on `threads` and on the
// device's subgroups alone. One barrier, and one before the next use.
override threads: u32 = 64;
var<workgroup> partial: array<f32, threads>;

fn workgroup_sum(value: f32, thread: u32) -> f32 {
  workgroupBarrier();
  partial[thread] = value;
  workgroupBarrier();
  let count = subgroupAdd(1u);
  var sum = 0.0;
  for (var i = subgroupExclusiveAdd(1u); i < threads; i += count) { sum += partial[i]; }
  return subgroupAdd(sum);
}

fn workgroup_max(value: f32, thread: u32) -> f32 {
  workgroupBarrier();
  partial[thread] = value;
  workgroupBarrier();
  let count = subgroupAdd(1u);
  var largest = value;
  for (var i = subgroupExclusiveAdd(1u); i < threads; i += count) { largest = max(largest, partial[i]); }
  return subgroupMax(largest);
}
