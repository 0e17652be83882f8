// As reduce_workgroup, with subgroups of any size: every subgroup reduces all values of the workgroup. Each of its n active
// threads adds every nth value, then the subgroup adds these sums. A thread uses its rank among the active threads, so it
// does not matter which threads form a subgroup, or whether a subgroup is full. The order of a sum depends on `threads` and
// on the subgroup size of the device alone. One barrier, and one before the next use.
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
