// The number of a workgroup in a grid that was folded into x and y.
fn group_index(group: vec3u, groups: vec3u) -> u32 {
  return group.x + group.y * groups.x;
}
