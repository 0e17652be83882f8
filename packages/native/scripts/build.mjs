import { readdirSync, statSync } from "node:fs";
import { buildFolder } from "./compile.mjs";
import { setsOf } from "./instruction-sets.mjs";
import { linkAddon } from "./link.mjs";
import { setsOfThisMachine } from "./machine-sets.mjs";
import { targetOf } from "./target.mjs";

/** Whether an earlier build compiled for every instruction set. */
function hasAllSets(driver, target) {
  const files = readdirSync(buildFolder(driver, target));
  return setsOf(driver, target).every(([set]) =>
    files.some((file) => file.endsWith(".o") && file.includes(`.${set}.`)),
  );
}

/**
 * Builds the addon of a driver with a plain C++20 compiler into platforms/<platform tag>/<addon>.node if the driver has a
 * package for the platform, else into prebuilds/<platform tag>/<addon>.node: build [--this-machine | --release]. Objects
 * are kept in build/, and compiled again when a file that they include, or a flag, changed.
 *
 * `--this-machine` compiles for the best instruction set that this machine runs, and leaves out the others unless they were
 * compiled before. `--release` links an addon for Linux with glibc 2.17, which npm fetches.
 */
export async function build(driver, args) {
  const unknown = args.find((arg) => !["--this-machine", "--release"].includes(arg));
  if (unknown !== undefined) throw new Error(`no option ${unknown}`);
  const started = performance.now();
  const target = targetOf();
  const leavesOut = args.includes("--this-machine") && !hasAllSets(driver, target);
  const sets = leavesOut ? setsOfThisMachine(driver, target) : undefined;
  const kind = { sets, isRelease: args.includes("--release") };
  const output = await linkAddon(driver, { ...target, ...kind }, driver.prebuild(target.tag));
  if (target.isNative) driver.require(output);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${output}: ${Math.round(statSync(output).size / 1024)} KiB, ${seconds} s`);
  return true;
}
