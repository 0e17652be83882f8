import { describe, expect, test } from "vitest";
import { ConformanceError } from "../src/run/conformance-error.js";
import { ErrorBook } from "../src/run/error-book.js";
import { allTests, runTest } from "../src/test-driver.js";
import { allMutants } from "./mutants/all-mutants.js";

const tests = new Map(allTests(new ErrorBook()).map((suiteTest) => [suiteTest.name, suiteTest]));

describe("deliberately wrong drivers fail", () => {
  test.each(allMutants.map((mutant) => [mutant.name, mutant] as const))("%s", async (_, mutant) => {
    const suiteTest = tests.get(mutant.caughtBy);
    if (!suiteTest) throw new Error(`the kit has no test ${mutant.caughtBy}`);
    await expect(runTest(suiteTest, () => mutant.create())).rejects.toThrow(ConformanceError);
  });
});
