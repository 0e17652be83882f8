import { readFileSync } from "node:fs";
import { join } from "node:path";
import { failureOf } from "./run-command.mjs";

/** What a runner has to report for the template driver, which takes no f16 activations and has no optional ops. */
const expected = { passed: 143, skipped: 64, failed: 0 };

const template = "const createDriver = () => templateDriver();";

/** A driver whose results lack their first element. */
const broken = `const createDriver = () => {
  const driver = templateDriver();
  const run = driver.run.bind(driver);
  driver.run = async (...args) => (await run(...args)).subarray(1);
  return driver;
};`;

const imports = 'import { templateDriver, testDriver } from "@ripvec/driver-testkit";';

/**
 * Runs the kit on the template driver, and on a broken driver, which must fail. A runner has
 *
 * - `install`: its packages
 * - `extension`: that of a test file
 * - `test`: the lines of a test file around the driver, as `{ before, after }`
 * - `command(folder, file)`: what runs a test file, as a list
 * - `report`: the file of its report; absent if that is the standard output
 * - `count(report)`: the numbers of tests that passed, were skipped and failed
 */
export async function testRunner({ app, sh }, runner) {
  const { before = imports, after } = runner.test;
  const [kit, wrong] = ["kit", "broken"].map((name) => `${name}.test.${runner.extension}`);
  const files = {
    [kit]: `${before}\n${template}\n${after}\n`,
    [wrong]: `${before}\n${broken}\n${after}\n`,
  };
  const install = ["@ripvec/core", "@ripvec/driver-testkit", ...(runner.install ?? [])];
  const folder = await app({ files, install });
  const run = async (file) => {
    const [command, ...args] = runner.command(folder, file);
    return sh(folder, command, args);
  };
  const printed = await run(kit);
  const report = runner.report ? readFileSync(join(folder, runner.report), "utf8") : printed;
  const counts = JSON.stringify(runner.count(report));
  if (counts !== JSON.stringify(expected)) throw new Error(`unexpected numbers: ${counts}`);
  if (!`${printed}${report}`.includes("lacks the optional op relu"))
    throw new Error("a skip has no reason");
  await failureOf(run(wrong), ["4 values, expected 5"]);
}

/** The number in the first group of `pattern`, or 0. */
export const numberIn = (text, pattern) => Number(pattern.exec(text)?.[1] ?? 0);
