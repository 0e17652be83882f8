import { testRunner } from "../kit-runner.mjs";

export const name = "the conformance kit under vitest";
export const quick = false;

export const run = (context) =>
  testRunner(context, {
    install: ["vitest@5.1.2"],
    extension: "mjs",
    test: {
      before: `import { templateDriver, testDriver } from "@ripvec/driver-testkit";
import { test } from "vitest";`,
      after: "testDriver({ test, createDriver });",
    },
    command: (_folder, file) => {
      const reporters = ["--reporter=verbose", "--reporter=json", "--outputFile.json=report.json"];
      return ["npx", "vitest", "run", ...reporters, file];
    },
    report: "report.json",
    count: (json) => {
      const { numPassedTests, numPendingTests, numFailedTests } = JSON.parse(json);
      return { passed: numPassedTests, skipped: numPendingTests, failed: numFailedTests };
    },
  });
