import { describe, expect, test } from "vitest";
import { ConformanceError } from "../src/run/conformance-error.js";
import { ErrorBook } from "../src/run/error-book.js";
import { runTest } from "../src/run/run-test.js";
import { allTests } from "../src/test-driver.js";
import { allMutants } from "./mutants/all-mutants.js";

const tests = new Map(allTests(new ErrorBook()).map((suiteTest) => [suiteTest.name, suiteTest]));

describe("deliberately wrong drivers fail", () => {
  test.each(allMutants.map((mutant) => [mutant.name, mutant] as const))("%s", async (_, mutant) => {
    const suiteTest = tests.get(mutant.caughtBy);
    if (!suiteTest) throw new Error(`the kit has no test ${mutant.caughtBy}`);
    const run = runTest(suiteTest, () => mutant.create(), mutant.timeoutMs);
    const error = await run.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ConformanceError);
    if (mutant.message) expect((error as Error).message).toMatch(mutant.message);
  });
});
