#pragma once

#include <string>

namespace ripvec {

/**
 * The number of cores that the CPU quota of this process's cgroup allows: the smallest limit from
 * its group up to the root, in cgroup v1 and v2; infinity without a limit. `root` is the directory
 * that contains /proc and /sys.
 */
double cgroup_quota(const std::string& root = "");

}  // namespace ripvec
