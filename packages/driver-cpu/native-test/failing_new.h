#pragma once

namespace test {

/** Makes the allocation after the next n of any thread fail, once. A negative n ends that. */
void fail_allocation(long n);
/** Whether it came to that one. */
bool allocation_failed();

}  // namespace test
