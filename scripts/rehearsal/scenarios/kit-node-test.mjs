import { numberIn, testRunner } from "../kit-runner.mjs";

export const name = "the conformance kit under node:test";
export const quick = true;

const before = `import { test } from "node:test";
import { templateDriver, testDriver } from "@ripvec/driver-testkit";`;

export const run = (context) =>
  testRunner(context, {
    extension: "mjs",
    test: { before, after: "testDriver({ test, createDriver });" },
    command: (_folder, file) => ["node", "--test", "--test-reporter=tap", file],
    count: (tap) => ({
      passed: numberIn(tap, /^# pass (\d+)$/m),
      skipped: numberIn(tap, /^# skipped (\d+)$/m),
      failed: numberIn(tap, /^# fail (\d+)$/m),
    }),
  });
