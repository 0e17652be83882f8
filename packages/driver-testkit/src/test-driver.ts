import type { Driver } from "@ripvec/core";
import { ConformanceError } from "./run/conformance-error.js";
import { ErrorBook, type OpResult } from "./run/error-book.js";
import { defaultTimeoutMs, HangError, runTest } from "./run/run-test.js";
import { bodyFor, skipRunning } from "./run/runner-context.js";
import { backendSuite } from "./suites/backend-suite.js";
import { contractSuite } from "./suites/contract-suite.js";
import { eightBitViewsSuite } from "./suites/eight-bit-views-suite.js";
import { keptWeightsSuite } from "./suites/kept-weights-suite.js";
import { kernelNamesTest } from "./suites/kernel-names.js";
import { memorySuite } from "./suites/memory-suite.js";
import { modelSuite } from "./suites/model-suite.js";
import { opSuite } from "./suites/op-suite.js";
import { rowsSuite } from "./suites/rows-suite.js";
import { stressSuite } from "./suites/stress-suite.js";
import type { CreateDriver, SuiteTest } from "./suites/suite.js";
import { threadTest } from "./suites/thread-test.js";
import { weightSuite } from "./suites/weight-suite.js";

export interface TestDriverOptions {
  /** Registers a test: `test` of vitest, node:test, jest or bun:test, `it` of mocha, `Deno.test`. */
  readonly test: RegisterTest;
  /** Creates a new driver for each test. The kit closes it. */
  readonly createDriver: CreateDriver;
  /**
   * A driver from `createDriver`. The kit asks it what it lacks, and closes it. Jest, bun:test and Deno.test need it:
   * they can skip a test only when it is registered, with `test.skip` or `test.ignore`. Without it a test asks its runner
   * to skip it while it runs, as vitest, node:test and mocha can; in another runner such a test fails, unless `skip` is
   * given.
   */
  readonly driver?: Driver | undefined;
  /**
   * Called with the name and the reason of every skipped test. With `driver` this happens when the tests are registered, and
   * the test is not registered. Without it the test calls this while it runs, and then asks its runner to skip it; in a
   * runner that cannot do so the test counts as passed.
   */
  readonly skip?: ((name: string, reason: string) => void) | undefined;
  /** Called with the largest error of every op, after all tests have run. */
  readonly report?: ((results: readonly OpResult[]) => void) | undefined;
  /** Called with what should be better and is no failure. Default: `console.warn`. */
  readonly warn?: ((message: string) => void) | undefined;
  /**
   * The longest that a test may take, in milliseconds; default 60,000. After this time a test fails with an error that
   * names the calls of the driver that are pending. The runner gets a later limit.
   */
  readonly timeoutMs?: number | undefined;
  /** Ops of a newer version of core for which the driver has kernels. The kit does not test them. */
  readonly newerOps?: readonly string[] | undefined;
}

/**
 * Registers a test. Vitest, jest and bun:test take the time limit as the third argument, and the others ignore it. A test
 * that cannot run on the driver is registered with `skip`, or else `ignore`.
 */
export interface RegisterTest {
  (name: string, body: () => Promise<void>, timeoutMs: number): unknown;
  readonly skip?: RegisterSkipped;
  readonly ignore?: RegisterSkipped;
}

/** Registers a test that the runner shows as skipped, by its name. */
export type RegisterSkipped = (name: string, body: () => Promise<void>) => unknown;

/** The runner's limit comes later than that of the kit, whose error says more. */
const marginMs = 10_000;

/** After so many tests that did not end, the others fail at once. */
const mostHangs = 2;

/** Registers all tests of the kit. The error of a failing test says what differs, where, and by how much. */
export function testDriver(options: TestDriverOptions): void {
  const { test, driver, report } = options;
  const book = new ErrorBook();
  const registration = new Registration(options);
  for (const suiteTest of allTests(book, options)) {
    const reason = driver && suiteTest.lacks?.(driver);
    if (reason === undefined) registration.add(suiteTest);
    else registration.addSkipped(suiteTest.name, reason);
  }
  driver?.close().catch(() => {});
  if (report) test("report of the largest errors", async () => report(book.results), marginMs);
}

/** Registers tests with one runner. */
class Registration {
  readonly #options: TestDriverOptions;
  readonly #hanging: string[] = [];

  constructor(options: TestDriverOptions) {
    this.#options = options;
  }

  add(suiteTest: SuiteTest): void {
    const { test, timeoutMs = defaultTimeoutMs } = this.#options;
    const limitMs = timeoutMs + marginMs;
    const run = (contexts: readonly unknown[]) => this.#run(suiteTest, timeoutMs, contexts);
    test(suiteTest.name, bodyFor(run, limitMs), limitMs);
  }

  addSkipped(name: string, reason: string): void {
    const { test, skip } = this.#options;
    if (skip) skip(name, reason);
    else if (test.skip) test.skip(`${name} (${reason})`, async () => {});
    else if (test.ignore) test.ignore(`${name} (${reason})`, async () => {});
    else throw new TypeError("testDriver: `test` has no method `skip`: pass the option `skip`");
  }

  async #run(suiteTest: SuiteTest, timeoutMs: number, contexts: readonly unknown[]): Promise<void> {
    const { createDriver, skip } = this.#options;
    if (this.#hanging.length >= mostHangs) {
      throw new ConformanceError(`not run, because these did not end: ${this.#hanging.join("; ")}`);
    }
    try {
      const reason = await runTest(suiteTest, createDriver, timeoutMs);
      if (reason === undefined) return;
      const remedy = "pass `driver: await createDriver()` to testDriver";
      skipRunning({ name: suiteTest.name, contexts, skip }, reason, remedy);
    } catch (error) {
      if (error instanceof HangError) this.#hanging.push(suiteTest.name);
      throw error;
    }
  }
}

/** Every test of the kit. */
export function allTests(
  book: ErrorBook,
  { warn = console.warn, newerOps = [] }: Pick<TestDriverOptions, "warn" | "newerOps"> = {},
): SuiteTest[] {
  return [
    ...contractSuite,
    kernelNamesTest(newerOps),
    ...memorySuite,
    ...opSuite(book),
    ...weightSuite(book),
    ...keptWeightsSuite,
    ...eightBitViewsSuite,
    ...rowsSuite,
    ...modelSuite,
    ...backendSuite,
    ...stressSuite,
    threadTest(warn),
  ];
}
