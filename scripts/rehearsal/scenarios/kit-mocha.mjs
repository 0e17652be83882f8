import { testRunner } from "../kit-runner.mjs";

export const name = "the conformance kit under mocha";
export const quick = false;

export const run = (context) =>
  testRunner(context, {
    install: ["mocha@12.0.3"],
    extension: "mjs",
    test: {
      before: `import { it } from "mocha";
import { templateDriver, testDriver } from "@ripvec/driver-testkit";`,
      after: "testDriver({ test: it, createDriver, driver: createDriver() });",
    },
    command: (_folder, file) => ["npx", "mocha", "--reporter", "json", file],
    count: (json) => {
      const { passes, pending, failures } = JSON.parse(json).stats;
      return { passed: passes, skipped: pending, failed: failures };
    },
  });
