import type { CreateDriver, SuiteTest } from "../suites/suite.js";
import { ConformanceError } from "./conformance-error.js";
import { inTime } from "./in-time.js";
import { PendingCalls } from "./pending-calls.js";

export const defaultTimeoutMs = 60_000;

/** How long a driver may take to close after its test has failed. */
const closeTimeoutMs = 5000;

/** A test did not end in time. */
export class HangError extends ConformanceError {}

/**
 * Runs a test on a new driver. Resolves with the reason when the driver lacks what the test needs. Rejects with
 * HangError, which names the pending calls, after `timeoutMs`.
 */
export async function runTest(
  suiteTest: SuiteTest,
  createDriver: CreateDriver,
  timeoutMs: number = defaultTimeoutMs,
): Promise<string | undefined> {
  const calls = new PendingCalls();
  const run = runOnNewDriver(suiteTest, calls.watching(createDriver));
  return inTime(run, timeoutMs, () => new HangError(`not done after ${timeoutMs} ms; ${calls}`));
}

async function runOnNewDriver(
  { lacks, run }: SuiteTest,
  createDriver: CreateDriver,
): Promise<string | undefined> {
  const driver = await createDriver();
  let reason: string | undefined;
  try {
    reason = lacks?.(driver);
    if (reason === undefined) await run(driver, createDriver);
  } catch (error) {
    const late = () => new HangError("close is pending");
    await inTime(driver.close(), closeTimeoutMs, late).catch(() => {});
    throw error;
  }
  await driver.close();
  return reason;
}
