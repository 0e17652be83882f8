#include "runtime/cgroup.h"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>

namespace ripvec {

namespace {

constexpr const char* kMountV1 = "/sys/fs/cgroup/cpu";
constexpr const char* kMountV2 = "/sys/fs/cgroup";

// This uses C streams, because those of C++ would double the size of the addon.
std::unique_ptr<std::FILE, int (*)(std::FILE*)> open(const std::string& path) {
  return {std::fopen(path.c_str(), "r"), std::fclose};
}

/** The number at the start of a file; 0 if the file is missing or does not start with one. */
double number_in(const std::string& path) {
  double value = 0;
  const auto file = open(path);
  return file && std::fscanf(file.get(), "%lf", &value) == 1 ? value : 0;
}

double cores(double quota, double period) {
  return quota > 0 && period > 0 ? quota / period : INFINITY;
}

/** The limit of one directory. Without a limit, v2 has "max 100000" and v1 a quota of −1. */
double limit_of(const std::string& directory) {
  if (const auto v2 = open(directory + "/cpu.max")) {
    double quota = 0, period = 0;
    return std::fscanf(v2.get(), "%lf %lf", &quota, &period) == 2 ? cores(quota, period) : INFINITY;
  }
  return cores(number_in(directory + "/cpu.cfs_quota_us"),
               number_in(directory + "/cpu.cfs_period_us"));
}

/** Whether a list such as "cpu,cpuacct" contains the cpu controller; "cpuset" does not count. */
bool names_cpu(const std::string& controllers) {
  return ("," + controllers + ",").find(",cpu,") != std::string::npos;
}

double tightest(const std::string& mount, std::string group) {
  double limit = limit_of(mount);
  while (!group.empty()) {
    limit = std::fmin(limit, limit_of(mount + group));
    const size_t slash = group.rfind('/');
    group.resize(slash == std::string::npos ? 0 : slash);
  }
  return limit;
}

}  // namespace

double cgroup_quota(const std::string& root) {
  // In a container, the container's own group may be mounted as the root, while /proc/self/cgroup
  // gives the path that the group has on the host.
  double limit = std::fmin(limit_of(root + kMountV1), limit_of(root + kMountV2));
  const auto groups = open(root + "/proc/self/cgroup");
  char line[8192];  // enough for a path and the fields before it
  while (groups && std::fgets(line, sizeof line, groups.get())) {
    line[std::strcspn(line, "\n")] = '\0';
    char* controllers = std::strchr(line, ':');
    char* group = controllers ? std::strchr(controllers + 1, ':') : nullptr;
    if (!group) continue;
    const std::string names(controllers + 1, group);
    if (names.empty()) limit = std::fmin(limit, tightest(root + kMountV2, group + 1));
    if (names_cpu(names)) limit = std::fmin(limit, tightest(root + kMountV1, group + 1));
  }
  return limit;
}

}  // namespace ripvec
