import { ErrorBook, type OpResult } from "./run/error-book.js";
import { backendSuite } from "./suites/backend-suite.js";
import { contractSuite } from "./suites/contract-suite.js";
import { eightBitViewsSuite } from "./suites/eight-bit-views-suite.js";
import { keptWeightsSuite } from "./suites/kept-weights-suite.js";
import { memorySuite } from "./suites/memory-suite.js";
import { modelSuite } from "./suites/model-suite.js";
import { opSuite } from "./suites/op-suite.js";
import { rowsSuite } from "./suites/rows-suite.js";
import { stressSuite } from "./suites/stress-suite.js";
import type { CreateDriver, SuiteTest } from "./suites/suite.js";
import { weightSuite } from "./suites/weight-suite.js";

export interface TestDriverOptions {
  /**
   * Registers a test, as `test` of vitest, node:test, mocha or jest does. The body takes the runner's context. A test
   * that the driver's capabilities exclude calls the context's `skip` function, where it has one. The body's `length`
   * is 0, because jest and mocha would wait for a callback if it declared a parameter.
   */
  readonly test: (name: string, body: (context?: unknown) => Promise<void>) => void;
  /** Creates a new driver for each test. The kit closes it. */
  readonly createDriver: CreateDriver;
  /** Called for each skipped test, with the reason. */
  readonly skip?: (name: string, reason: string) => void;
  /** Called with the largest error of every op, after all tests have run. */
  readonly report?: (results: readonly OpResult[]) => void;
}

/** Registers all tests of the kit. The error of a failing test says what differs, where, and by how much. */
export function testDriver({ test, createDriver, skip, report }: TestDriverOptions): void {
  const book = new ErrorBook();
  for (const suiteTest of allTests(book)) {
    test(suiteTest.name, async (...[context]: readonly unknown[]) => {
      const reason = await runTest(suiteTest, createDriver);
      if (reason === undefined) return;
      skip?.(suiteTest.name, reason);
      skipInRunner(context, reason);
    });
  }
  if (report) test("report of the largest errors", async () => report(book.results));
}

/** Every test of the kit. */
export function allTests(book: ErrorBook): SuiteTest[] {
  return [
    ...contractSuite,
    ...memorySuite,
    ...opSuite(book),
    ...weightSuite(book),
    ...keptWeightsSuite,
    ...eightBitViewsSuite,
    ...rowsSuite,
    ...modelSuite,
    ...backendSuite,
    ...stressSuite,
  ];
}

/** Runs a test on a new driver. Resolves with the reason when the driver lacks what the test needs. */
export async function runTest(
  { lacks, run }: SuiteTest,
  createDriver: CreateDriver,
): Promise<string | undefined> {
  const driver = await createDriver();
  try {
    const reason = lacks?.(driver);
    if (reason === undefined) await run(driver, createDriver);
    return reason;
  } finally {
    await driver.close();
  }
}

export function skipInRunner(context: unknown, reason: string): void {
  const { skip } = (context ?? {}) as { skip?: unknown };
  if (typeof skip === "function") skip.call(context, reason);
}
