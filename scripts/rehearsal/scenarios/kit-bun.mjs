import { existsSync } from "node:fs";
import { join } from "node:path";
import { numberIn, testRunner } from "../kit-runner.mjs";
import { skip } from "../skip.mjs";

export const name = "the conformance kit under bun test";
export const quick = false;

/** Bun's command needs its install script. This is the program that the command starts. */
function programIn(folder) {
  const program = join(folder, "node_modules/@oven/bun-linux-x64/bin/bun");
  return existsSync(program) ? program : skip("npm has no Bun for this machine");
}

export const run = (context) =>
  testRunner(context, {
    install: ["bun@1.4.5"],
    extension: "js",
    test: {
      before: `import { test } from "bun:test";
import { templateDriver, testDriver } from "@ripvec/driver-testkit";`,
      after: "testDriver({ test, createDriver, driver: await createDriver() });",
    },
    command: (folder, file) => {
      const reporter = ["--reporter=junit", "--reporter-outfile=report.xml"];
      return [programIn(folder), "test", ...reporter, `./${file}`];
    },
    report: "report.xml",
    count: (xml) => {
      const skipped = numberIn(xml, /<testsuites [^>]*skipped="(\d+)"/);
      const failed = numberIn(xml, /<testsuites [^>]*failures="(\d+)"/);
      const all = numberIn(xml, /<testsuites [^>]*tests="(\d+)"/);
      return { passed: all - skipped - failed, skipped, failed };
    },
  });
