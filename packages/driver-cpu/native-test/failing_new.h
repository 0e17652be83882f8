#pragma once

namespace test {

/**
 * Makes one allocation fail, on whichever thread: the one after the next n. A negative n cancels
 * that.
 */
void fail_allocation(long n);
/** Whether that allocation was reached. */
bool allocation_failed();

}  // namespace test
