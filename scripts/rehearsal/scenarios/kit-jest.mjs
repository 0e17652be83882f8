import { testRunner } from "../kit-runner.mjs";

export const name = "the conformance kit under jest";
export const quick = false;

export const run = (context) =>
  testRunner(context, {
    install: ["jest@30.5.2"],
    extension: "cjs",
    test: {
      before: 'const { templateDriver, testDriver } = require("@ripvec/driver-testkit");',
      after: "testDriver({ test, createDriver, driver: createDriver() });",
    },
    command: (_folder, file) => ["npx", "jest", "--json", "--outputFile=report.json", file],
    report: "report.json",
    count: (json) => {
      const { numPassedTests, numPendingTests, numFailedTests } = JSON.parse(json);
      return { passed: numPassedTests, skipped: numPendingTests, failed: numFailedTests };
    },
  });
