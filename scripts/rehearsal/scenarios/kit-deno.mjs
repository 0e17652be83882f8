import { existsSync } from "node:fs";
import { join } from "node:path";
import { testRunner } from "../kit-runner.mjs";
import { skip } from "../skip.mjs";

export const name = "the conformance kit under deno test";
export const quick = false;

/** Deno's command needs its install script. This is the program that the command starts. */
function programIn(folder) {
  const program = join(folder, "node_modules/@deno/linux-x64-glibc/deno");
  return existsSync(program) ? program : skip("npm has no Deno for this machine");
}

export const run = (context) =>
  testRunner(context, {
    install: ["deno@2.9.6"],
    extension: "js",
    test: { after: "testDriver({ test: Deno.test, createDriver, driver: await createDriver() });" },
    command: (folder, file) => [programIn(folder), "test", "--allow-env", "--reporter=tap", file],
    count: (tap) => {
      const lines = tap.split("\n");
      const skipped = lines.filter((line) => /^ok .*# SKIP/.test(line)).length;
      const passed = lines.filter((line) => /^ok /.test(line)).length - skipped;
      return { passed, skipped, failed: lines.filter((line) => /^not ok /.test(line)).length };
    },
  });
